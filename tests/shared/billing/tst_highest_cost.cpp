// labels: money
#include "shared/billing/cost.h"
#include "shared/billing/highest_cost.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <limits>

namespace delta {

namespace {

std::optional<PicoUsd> somePrice(Dice &dice)
{
    return dice.between(0, 2) == 0 ? std::nullopt : std::optional(dice.between(0, 100'000'000));
}

UnitPrices somePrices(Dice &dice)
{
    UnitPrices prices;
    for (auto *price :
         {&prices.input, &prices.output, &prices.cacheRead, &prices.cacheWrite, &prices.reasoning,
          &prices.audioInput, &prices.audioOutput, &prices.image, &prices.request}) {
        *price = somePrice(dice);
    }
    return prices;
}

Pricing somePricing(Dice &dice)
{
    Pricing pricing;
    pricing.base = somePrices(dice);
    for (std::int64_t count = dice.between(0, 2), above = 0; count > 0; --count) {
        above += dice.between(1, 2000);
        pricing.tiers.push_back({above, somePrices(dice)});
    }
    return pricing;
}

UsageBound someBound(Dice &dice)
{
    return {dice.between(0, 5000), dice.between(0, 5000), dice.between(0, 1) == 1};
}

/// A usage within the bound, its parts within their totals.
Usage someUsage(Dice &dice, const UsageBound &bound)
{
    Usage usage;
    usage.inputTokens = dice.between(0, bound.inputTokens);
    usage.cacheReadTokens = dice.between(0, usage.inputTokens);
    usage.cacheWriteTokens = dice.between(0, usage.inputTokens - usage.cacheReadTokens);
    usage.outputTokens = dice.between(0, bound.outputTokens);
    usage.reasoningTokens = dice.between(0, usage.outputTokens);
    if (bound.hasAudio) {
        usage.audioInputTokens = usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens;
        usage.audioOutputTokens = usage.outputTokens - usage.reasoningTokens;
    }
    return usage;
}

} // namespace

class HighestCostTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNeverLessThanWhatACallCosts();
    void isWhatAPlainCallCosts();
    void paysForAsMuchOutputAsTheAmountAllows();
    void paysForNothingWhereTheInputIsTooDear();
    void takesNoAmountWhereNothingIsPriced();
    void holdsForTheHighestNumbers();
};

void HighestCostTest::isNeverLessThanWhatACallCosts()
{
    Dice dice(28);
    for (int round = 0; round < 100'000; ++round) {
        dice.next();
        const Pricing pricing = somePricing(dice);
        const UsageBound bound = someBound(dice);
        const Usage usage = someUsage(dice, bound);
        QVERIFY2(cost(usage, pricing) <= highestCost(bound, pricing), dice.where());
    }
}

void HighestCostTest::isWhatAPlainCallCosts()
{
    Pricing pricing;
    pricing.base.input = 3'000'000;
    pricing.base.output = 15'000'000;
    pricing.base.request = 1'000'000'000;
    // 100 x 3 USD + 50 x 15 USD per million, and 0.001 USD for the call.
    QCOMPARE(highestCost({100, 50}, pricing), Money::fromNanos(300'000 + 750'000 + 1'000'000));
    pricing.base.audioOutput = 60'000'000;
    QCOMPARE(highestCost({100, 50}, pricing), Money::fromNanos(2'050'000));
    QCOMPARE(highestCost({100, 50, true}, pricing),
             Money::fromNanos(300'000 + 3'000'000 + 1'000'000));
}

void HighestCostTest::paysForAsMuchOutputAsTheAmountAllows()
{
    Dice dice(29);
    for (int round = 0; round < 20'000; ++round) {
        dice.next();
        const Pricing pricing = somePricing(dice);
        UsageBound bound = someBound(dice);
        const qint64 most = bound.outputTokens;
        const Money amount = Money::fromNanos(dice.between(0, 600'000'000));
        const auto paid = affordableOutput(amount, bound, pricing);
        bound.outputTokens = paid.value_or(0);
        QVERIFY2(paid.has_value() == (highestCost(bound, pricing) <= amount), dice.where());
        bound.outputTokens = std::min(most, paid.value_or(0) + 1);
        QVERIFY2(!paid || paid == most || highestCost(bound, pricing) > amount, dice.where());
    }
}

void HighestCostTest::paysForNothingWhereTheInputIsTooDear()
{
    Pricing pricing;
    pricing.base.input = 1'000'000;
    pricing.base.output = 1'000'000;
    QCOMPARE(affordableOutput(Money::fromNanos(9'999), {10, 10}, pricing), std::nullopt);
    QCOMPARE(affordableOutput(Money::fromNanos(10'000), {10, 10}, pricing), 0);
    QCOMPARE(affordableOutput(Money::fromNanos(13'999), {10, 10}, pricing), 3);
    QCOMPARE(affordableOutput(Money::fromNanos(99'999), {10, 10}, pricing), 10);
}

void HighestCostTest::takesNoAmountWhereNothingIsPriced()
{
    QCOMPARE(highestCost({1'000'000, 1'000'000, true}, Pricing()), Money());
    QCOMPARE(affordableOutput(Money(), {5, 7}, Pricing()), 7);
}

void HighestCostTest::holdsForTheHighestNumbers()
{
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    Pricing pricing;
    pricing.base.input = most;
    pricing.base.output = most;
    QCOMPARE(highestCost({most, most}, pricing), Money::fromNanos(most));
    QCOMPARE(affordableOutput(Money::fromNanos(most - 1), {0, most}, pricing), 999);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::HighestCostTest)
#include "tst_highest_cost.moc"
