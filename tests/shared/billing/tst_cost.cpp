// labels: unit money
#include "shared/billing/cost.h"

#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qint64 million = 1'000'000;
constexpr qint64 highest = std::numeric_limits<qint64>::max();

/// Prices in USD per million tokens, as a provider publishes them.
constexpr PicoUsd usdPerMillion(qint64 dollars)
{
    return dollars * million;
}

Pricing fullPricing()
{
    Pricing pricing;
    pricing.base = {.input = usdPerMillion(10),
                    .output = usdPerMillion(40),
                    .cacheRead = usdPerMillion(1),
                    .cacheWrite = usdPerMillion(12),
                    .reasoning = usdPerMillion(50),
                    .audioInput = usdPerMillion(100),
                    .audioOutput = usdPerMillion(200),
                    .image = 40'000'000'000,
                    .request = 5'000'000'000};
    return pricing;
}

Money usd(QStringView text)
{
    return Money::fromUsd(text).value();
}

} // namespace

class CostTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chargesEachPartAtItsPrice_data();
    void chargesEachPartAtItsPrice();
    void fallsBackToTheTotalsPrice();
    void chargesFreePartsNothing();
    void addsUpTheParts();
    void chargesWhatExceedsItsTotalAsReported();
    void choosesTheTierByAllInputTokens_data();
    void choosesTheTierByAllInputTokens();
    void keepsTheBasePriceThatATierLeavesOut();
    void roundsHalfANanoUp_data();
    void roundsHalfANanoUp();
    void roundsTheSumAndNotTheParts();
    void flagsAModelWithoutAPrice();
    void saturatesOnHostileUsage_data();
    void saturatesOnHostileUsage();
};

void CostTest::chargesEachPartAtItsPrice_data()
{
    QTest::addColumn<Usage>("usage");
    QTest::addColumn<QString>("cost");
    // Each call also costs half a cent for itself.
    QTest::newRow("nothing") << Usage{} << u"0.005"_s;
    QTest::newRow("input") << Usage{.inputTokens = million} << u"10.005"_s;
    QTest::newRow("output") << Usage{.outputTokens = million} << u"40.005"_s;
    QTest::newRow("cache read") << Usage{.inputTokens = million, .cacheReadTokens = million}
                                << u"1.005"_s;
    QTest::newRow("cache write") << Usage{.inputTokens = million, .cacheWriteTokens = million}
                                 << u"12.005"_s;
    QTest::newRow("reasoning") << Usage{.outputTokens = million, .reasoningTokens = million}
                               << u"50.005"_s;
    QTest::newRow("audio in") << Usage{.inputTokens = million, .audioInputTokens = million}
                              << u"100.005"_s;
    QTest::newRow("audio out") << Usage{.outputTokens = million, .audioOutputTokens = million}
                               << u"200.005"_s;
    QTest::newRow("images") << Usage{.images = 3} << u"0.125"_s;
    QTest::newRow("mixed") << Usage{.inputTokens = 1000,
                                    .outputTokens = 100,
                                    .cacheReadTokens = 600,
                                    .cacheWriteTokens = 100,
                                    .reasoningTokens = 40}
                           << u"0.0142"_s;
}

void CostTest::chargesEachPartAtItsPrice()
{
    QFETCH(Usage, usage);
    QTEST(cost(usage, fullPricing()).toUsd(), "cost");
}

void CostTest::fallsBackToTheTotalsPrice()
{
    Pricing pricing;
    pricing.base = {.input = usdPerMillion(2), .output = usdPerMillion(8)};
    const Usage usage{.inputTokens = million,
                      .outputTokens = million,
                      .cacheReadTokens = 300'000,
                      .cacheWriteTokens = 200'000,
                      .reasoningTokens = 400'000,
                      .audioInputTokens = 100'000,
                      .audioOutputTokens = 50'000,
                      .images = 9};
    QCOMPARE(cost(usage, pricing), usd(u"10"));
}

void CostTest::chargesFreePartsNothing()
{
    Pricing pricing;
    pricing.base = {
        .input = usdPerMillion(2), .output = usdPerMillion(8), .cacheRead = 0, .reasoning = 0};
    const Usage usage{.inputTokens = million,
                      .outputTokens = million,
                      .cacheReadTokens = million,
                      .reasoningTokens = million};
    QCOMPARE(cost(usage, pricing), Money());
    QVERIFY(charge(usage, pricing).isPriced);
}

void CostTest::addsUpTheParts()
{
    const Usage usage{.inputTokens = 1000,
                      .outputTokens = 100,
                      .cacheReadTokens = 600,
                      .cacheWriteTokens = 100,
                      .reasoningTokens = 40,
                      .audioInputTokens = 50,
                      .audioOutputTokens = 10,
                      .images = 2};
    const Breakdown parts = charge(usage, fullPricing()).parts;
    QCOMPARE(qint64(parts.input), 250 * usdPerMillion(10));
    QCOMPARE(qint64(parts.cacheRead), 600 * usdPerMillion(1));
    QCOMPARE(qint64(parts.cacheWrite), 100 * usdPerMillion(12));
    QCOMPARE(qint64(parts.audioInput), 50 * usdPerMillion(100));
    QCOMPARE(qint64(parts.output), 50 * usdPerMillion(40));
    QCOMPARE(qint64(parts.reasoning), 40 * usdPerMillion(50));
    QCOMPARE(qint64(parts.audioOutput), 10 * usdPerMillion(200));
    QCOMPARE(qint64(parts.images), 80'000'000'000);
    QCOMPARE(qint64(parts.request), 5'000'000'000);
    QVERIFY(parts.total()
            == parts.input + parts.cacheRead + parts.cacheWrite + parts.audioInput + parts.output
                + parts.reasoning + parts.audioOutput + parts.images + parts.request);
}

void CostTest::chargesWhatExceedsItsTotalAsReported()
{
    Pricing pricing;
    pricing.base = {
        .input = usdPerMillion(10), .output = usdPerMillion(40), .cacheRead = usdPerMillion(1)};
    const Usage usage{.inputTokens = 100,
                      .outputTokens = 10,
                      .cacheReadTokens = million,
                      .reasoningTokens = million};
    QCOMPARE(cost(usage, pricing), usd(u"41"));
}

void CostTest::choosesTheTierByAllInputTokens_data()
{
    QTest::addColumn<qint64>("inputTokens");
    QTest::addColumn<qint64>("price");
    QTest::newRow("none") << 0LL << qint64(usdPerMillion(1));
    QTest::newRow("at the first edge") << 128'000LL << qint64(usdPerMillion(1));
    QTest::newRow("above the first edge") << 128'001LL << qint64(usdPerMillion(2));
    QTest::newRow("at the second edge") << 200'000LL << qint64(usdPerMillion(2));
    QTest::newRow("above the second edge") << 200'001LL << qint64(usdPerMillion(4));
    QTest::newRow("huge") << highest << qint64(usdPerMillion(4));
}

void CostTest::choosesTheTierByAllInputTokens()
{
    Pricing pricing;
    pricing.base.input = usdPerMillion(1);
    pricing.tiers = {{128'000, {.input = usdPerMillion(2)}},
                     {200'000, {.input = usdPerMillion(4)}}};
    QFETCH(qint64, inputTokens);
    QTEST(qint64(pricesFor(inputTokens, pricing).input.value()), "price");
}

void CostTest::keepsTheBasePriceThatATierLeavesOut()
{
    Pricing pricing;
    pricing.base = {.input = usdPerMillion(1), .output = usdPerMillion(4), .request = 7};
    pricing.tiers = {{100, {.input = usdPerMillion(3), .cacheRead = usdPerMillion(2)}},
                     {200, {.input = usdPerMillion(9)}}};
    QVERIFY((pricesFor(150, pricing)
             == UnitPrices{.input = usdPerMillion(3),
                           .output = usdPerMillion(4),
                           .cacheRead = usdPerMillion(2),
                           .request = 7}));
    // The second tier overlays the base, not the first tier.
    QVERIFY((pricesFor(201, pricing)
             == UnitPrices{.input = usdPerMillion(9), .output = usdPerMillion(4), .request = 7}));
}

void CostTest::roundsHalfANanoUp_data()
{
    QTest::addColumn<qint64>("picos");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("exact") << 1000LL << 1LL;
    QTest::newRow("just below half") << 1499LL << 1LL;
    QTest::newRow("half of an odd nano") << 1500LL << 2LL;
    QTest::newRow("half of an even nano") << 2500LL << 3LL;
    QTest::newRow("less than half of one") << 499LL << 0LL;
    QTest::newRow("half of one") << 500LL << 1LL;
}

void CostTest::roundsHalfANanoUp()
{
    QFETCH(qint64, picos);
    Pricing pricing;
    pricing.base.request = picos;
    QTEST(qint64(cost({}, pricing).nanos()), "nanos");
}

void CostTest::roundsTheSumAndNotTheParts()
{
    // Three parts of 400 pico-USD each would round to nothing one by one.
    Pricing pricing;
    pricing.base = {.input = 400, .output = 400, .request = 400};
    QCOMPARE(cost({.inputTokens = 1, .outputTokens = 1}, pricing), Money::fromNanos(1));
}

void CostTest::flagsAModelWithoutAPrice()
{
    Pricing pricing;
    pricing.base.output = usdPerMillion(40);
    const Charge result = charge({.inputTokens = million, .outputTokens = million}, pricing);
    QVERIFY(!result.isPriced);
    QCOMPARE(result.total, Money());
    QVERIFY(result.parts == Breakdown());
}

void CostTest::saturatesOnHostileUsage_data()
{
    QTest::addColumn<Usage>("usage");
    QTest::addColumn<PicoUsd>("price");
    QTest::addColumn<qint64>("nanos");
    constexpr qint64 lowest = std::numeric_limits<qint64>::min();
    const Usage all{highest, highest, highest, highest, highest, highest, highest, highest};
    const Usage none{lowest, lowest, lowest, lowest, lowest, lowest, lowest, lowest};
    QTest::newRow("all counts at their highest") << all << PicoUsd(1'000'000) << highest;
    QTest::newRow("and all prices") << all << PicoUsd(highest) << highest;
    // What is left is the price of the call itself.
    QTest::newRow("negative counts") << none << PicoUsd(highest) << 9'223'372'036'854'776LL;
    QTest::newRow("negative prices") << all << PicoUsd(lowest) << 0LL;
    QTest::newRow("negative part")
        << Usage{.inputTokens = 10, .cacheReadTokens = lowest} << PicoUsd(1000) << 11LL;
}

void CostTest::saturatesOnHostileUsage()
{
    QFETCH(Usage, usage);
    QFETCH(PicoUsd, price);
    Pricing pricing;
    pricing.base = {price, price, price, price, price, price, price, price, price};
    const Charge result = charge(usage, pricing);
    QTEST(qint64(result.total.nanos()), "nanos");
    QVERIFY(result.parts.total() >= 0);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::CostTest)
#include "tst_cost.moc"
