// labels: unit money
#include "shared/billing/configured_prices.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

Pricing builtIn()
{
    Pricing pricing;
    pricing.base = {.input = 1'000'000, .output = 4'000'000, .cacheRead = 100'000};
    pricing.tiers = {{200'000, {.input = 2'000'000, .output = 6'000'000}}};
    pricing.source = u"p.example/prices"_s;
    pricing.date = u"2026-01-01"_s;
    return pricing;
}

} // namespace

class ConfiguredPricesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsEveryKey_data();
    void mapsEveryKey();
    void knowsItsKeys_data();
    void knowsItsKeys();
    void makesTiersInRisingOrder();
    void replacesTheBuiltInListWhenTheInputIsPriced();
    void overlaysTheBuiltInListOtherwise();
    void staysUnpricedWithoutAPriceForInput();
    void refusesWhatIsNoPrice_data();
    void refusesWhatIsNoPrice();
    void acceptsTheSamePriceUnderTwoNames();
};

void ConfiguredPricesTest::mapsEveryKey_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<UnitPrices>("prices");
    QTest::newRow("input") << u"input_cost_per_token"_s << UnitPrices{.input = 7};
    QTest::newRow("output") << u"output_cost_per_token"_s << UnitPrices{.output = 7};
    QTest::newRow("cache read") << u"cache_read_input_token_cost"_s << UnitPrices{.cacheRead = 7};
    QTest::newRow("cache hit") << u"input_cost_per_token_cache_hit"_s << UnitPrices{.cacheRead = 7};
    QTest::newRow("cache write") << u"cache_creation_input_token_cost"_s
                                 << UnitPrices{.cacheWrite = 7};
    QTest::newRow("reasoning") << u"output_cost_per_reasoning_token"_s
                               << UnitPrices{.reasoning = 7};
    QTest::newRow("audio in") << u"input_cost_per_audio_token"_s << UnitPrices{.audioInput = 7};
    QTest::newRow("audio out") << u"output_cost_per_audio_token"_s << UnitPrices{.audioOutput = 7};
    QTest::newRow("image") << u"output_cost_per_image"_s << UnitPrices{.image = 7};
    QTest::newRow("image, old name") << u"input_cost_per_image"_s << UnitPrices{.image = 7};
    QTest::newRow("request") << u"input_cost_per_request"_s << UnitPrices{.request = 7};
}

void ConfiguredPricesTest::mapsEveryKey()
{
    QFETCH(QString, key);
    QFETCH(UnitPrices, prices);
    const Result<Pricing> pricing = configuredPricing({{key, u"7e-12"_s}}, nullptr);
    QVERIFY2(pricing, pricing ? "" : qPrintable(pricing.error().message));
    QVERIFY(pricing->base == prices);
    QCOMPARE(pricing->source, u"configuration"_s);
    QVERIFY(pricing->date.isEmpty());

    const Result<Pricing> tiered = configuredPricing({{key + u"_above_128k_tokens"_s, u"7e-12"_s}},
                                                     nullptr);
    QVERIFY(tiered);
    QCOMPARE(tiered->tiers.size(), 1U);
    QVERIFY((tiered->tiers.front() == PriceTier{128'000, prices}));
}

void ConfiguredPricesTest::knowsItsKeys_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("isPrice");
    QTest::newRow("price") << u"input_cost_per_token"_s << true;
    QTest::newRow("tier") << u"input_cost_per_token_above_272k_tokens"_s << true;
    QTest::newRow("other setting") << u"max_tokens"_s << false;
    QTest::newRow("not charged by") << u"input_cost_per_second"_s << false;
    QTest::newRow("tier without a size") << u"input_cost_per_token_above_k_tokens"_s << false;
    QTest::newRow("tier at zero") << u"input_cost_per_token_above_0k_tokens"_s << false;
    QTest::newRow("tier of no number") << u"input_cost_per_token_above_1xk_tokens"_s << false;
    QTest::newRow("tier too large") << u"input_cost_per_token_above_9999999k_tokens"_s << false;
    QTest::newRow("tier of no price") << u"max_tokens_above_128k_tokens"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void ConfiguredPricesTest::knowsItsKeys()
{
    QFETCH(QString, key);
    QTEST(isPriceKey(key), "isPrice");
}

void ConfiguredPricesTest::makesTiersInRisingOrder()
{
    const Result<Pricing> pricing = configuredPricing(
        {{u"input_cost_per_token_above_200k_tokens"_s, u"4e-6"_s},
         {u"input_cost_per_token_above_128k_tokens"_s, u"2e-6"_s},
         {u"output_cost_per_token_above_200k_tokens"_s, u"8e-6"_s},
         {u"input_cost_per_token"_s, u"1e-6"_s}},
        nullptr);
    QVERIFY(pricing);
    QVERIFY((pricing->tiers
             == std::vector<PriceTier>{{128'000, {.input = 2'000'000}},
                                       {200'000, {.input = 4'000'000, .output = 8'000'000}}}));
}

void ConfiguredPricesTest::replacesTheBuiltInListWhenTheInputIsPriced()
{
    const Pricing published = builtIn();
    const Result<Pricing> pricing = configuredPricing({{u"input_cost_per_token"_s, u"0.000003"_s}},
                                                      &published);
    QVERIFY(pricing);
    QVERIFY((pricing->base == UnitPrices{.input = 3'000'000}));
    QVERIFY(pricing->tiers.empty());
    QCOMPARE(pricing->source, u"configuration"_s);
    QVERIFY(pricing->date.isEmpty());
}

void ConfiguredPricesTest::overlaysTheBuiltInListOtherwise()
{
    const Pricing published = builtIn();
    const Result<Pricing> pricing = configuredPricing(
        {{u"cache_read_input_token_cost"_s, u"5e-8"_s},
         {u"output_cost_per_token_above_200k_tokens"_s, u"7e-6"_s}},
        &published);
    QVERIFY(pricing);
    QVERIFY((pricing->base
             == UnitPrices{.input = 1'000'000, .output = 4'000'000, .cacheRead = 50'000}));
    QVERIFY((pricing->tiers
             == std::vector<PriceTier>{{200'000, {.input = 2'000'000, .output = 7'000'000}}}));
    QCOMPARE(pricing->source, u"configuration over p.example/prices"_s);
    QCOMPARE(pricing->date, u"2026-01-01"_s);
    QVERIFY(configuredPricing({}, &published)->base == published.base);
}

void ConfiguredPricesTest::staysUnpricedWithoutAPriceForInput()
{
    const Result<Pricing> pricing = configuredPricing({{u"output_cost_per_token"_s, u"1e-6"_s}},
                                                      nullptr);
    QVERIFY(pricing);
    QVERIFY(!pricing->isPriced());
    QVERIFY(!configuredPricing({}, nullptr)->isPriced());
}

void ConfiguredPricesTest::refusesWhatIsNoPrice_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("message");
    const QString input = u"input_cost_per_token"_s;
    QTest::newRow("negative") << input << u"-1e-6"_s
                              << u"'input_cost_per_token' must not be negative; it is '-1e-6'."_s;
    QTest::newRow("no number")
        << input << u"cheap"_s
        << u"'input_cost_per_token' must be a price in USD such as 0.0000025 or "
           "2.5e-06; it is 'cheap'."_s;
    for (const QString &text :
         {u"nan"_s, u".nan"_s, u"NaN"_s, u"inf"_s, u".inf"_s, u"-Infinity"_s, u"0x10"_s, u""_s}) {
        QTest::addRow("'%s'", qPrintable(text))
            << input << text
            << u"'input_cost_per_token' must be a price in USD such as 0.0000025 or 2.5e-06; it is '%1'."_s
                   .arg(text);
    }
    QTest::newRow("no price key") << u"max_tokens"_s << u"1"_s << u"'max_tokens' names no price."_s;
    QTest::newRow("contradiction")
        << u"input_cost_per_token_cache_hit"_s << u"2e-6"_s
        << u"'input_cost_per_token_cache_hit' contradicts another key for the "
           "same price; leave one of them out."_s;
}

void ConfiguredPricesTest::refusesWhatIsNoPrice()
{
    QFETCH(QString, key);
    QFETCH(QString, text);
    const Result<Pricing> pricing = configuredPricing(
        {{u"cache_read_input_token_cost"_s, u"1e-6"_s}, {key, text}}, nullptr);
    QVERIFY(!pricing);
    QCOMPARE(pricing.error().param, key);
    QTEST(pricing.error().message, "message");
}

void ConfiguredPricesTest::acceptsTheSamePriceUnderTwoNames()
{
    QVERIFY(configuredPricing({{u"cache_read_input_token_cost"_s, u"1e-6"_s},
                               {u"input_cost_per_token_cache_hit"_s, u"0.000001"_s}},
                              nullptr));
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::ConfiguredPricesTest)
#include "tst_configured_prices.moc"
