// labels: unit money
#include "shared/billing/cost.h"
#include "shared/billing/price_book.h"

#include <QDate>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class PriceBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chargesAsPublished_data();
    void chargesAsPublished();
    void namesSourceAndDateOfEveryPrice();
    void holdsNoPriceThatIsOutOfReason();
    void pricesTheDemoModel();
    void findsNamesWithAndWithoutTheirDate_data();
    void findsNamesWithAndWithoutTheirDate();
    void prefersTheNameAsItStands();
    void refusesABrokenFile_data();
    void refusesABrokenFile();
};

void PriceBookTest::chargesAsPublished_data()
{
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("model");
    QTest::addColumn<Usage>("usage");
    QTest::addColumn<QString>("cost");
    const auto add = [](const char *name, const QString &provider, const QString &model,
                        Usage usage, const QString &cost) {
        QTest::newRow(name) << provider << model << usage << cost;
    };
    constexpr qint64 million = 1'000'000;
    const Usage input{.inputTokens = million};
    const Usage output{.outputTokens = million};
    const Usage cached{.inputTokens = million, .cacheReadTokens = million};
    add("4o in", u"openai"_s, u"gpt-4o"_s, input, u"2.5"_s);
    add("4o out", u"openai"_s, u"gpt-4o"_s, output, u"10"_s);
    add("4o cached", u"openai"_s, u"gpt-4o"_s, cached, u"1.25"_s);
    add("4o mini in", u"openai"_s, u"gpt-4o-mini"_s, input, u"0.15"_s);
    add("4o mini cached", u"openai"_s, u"gpt-4o-mini"_s, cached, u"0.075"_s);
    add("embedding", u"openai"_s, u"text-embedding-3-small"_s, input, u"0.02"_s);
    add("audio in", u"openai"_s, u"gpt-4o-audio-preview"_s,
        {.inputTokens = million, .audioInputTokens = million}, u"40"_s);
    add("long context", u"openai"_s, u"gpt-6-sol"_s, input, u"4"_s);
    add("cache write", u"anthropic"_s, u"claude-sonnet-4-6"_s,
        {.inputTokens = million, .cacheWriteTokens = million}, u"3.75"_s);
    add("haiku, short", u"anthropic"_s, u"claude-haiku-5-5"_s, {.inputTokens = 100'000}, u"0.01"_s);
    add("haiku, long", u"anthropic"_s, u"claude-haiku-5-5"_s, {.inputTokens = 200'000}, u"0.1"_s);
    add("pro, short", u"gemini"_s, u"gemini-2.5-pro"_s, {.inputTokens = 200'000}, u"0.25"_s);
    add("pro, long", u"gemini"_s, u"gemini-2.5-pro"_s, {.inputTokens = 400'000}, u"1"_s);
    add("hosted", u"groq"_s, u"llama-3.3-70b-versatile"_s, output, u"0.79"_s);
    add("other name of a provider", u"together_ai"_s, u"openai/gpt-oss-20b"_s, output, u"0.2"_s);
}

void PriceBookTest::chargesAsPublished()
{
    QFETCH(QString, provider);
    QFETCH(QString, model);
    QFETCH(Usage, usage);
    const PriceBook book = PriceBook::builtIn();
    const Pricing *pricing = book.find(provider, model);
    QVERIFY(pricing);
    QTEST(delta::cost(usage, *pricing).toUsd(), "cost");
}

void PriceBookTest::namesSourceAndDateOfEveryPrice()
{
    const PriceBook book = PriceBook::builtIn();
    QVERIFY(book.entries().size() > 100);
    for (const PriceBook::Entry &entry : book.entries()) {
        const QByteArray name = (entry.provider + u'/' + entry.model).toUtf8();
        const bool isPage = entry.pricing.source.contains(u'.')
            && entry.pricing.source.contains(u'/');
        QVERIFY2(isPage || entry.pricing.source == "built in"_L1, name);
        QVERIFY2(QDate::fromString(entry.pricing.date, Qt::ISODate).isValid(), name);
        QVERIFY2(book.find(entry.provider, entry.model) == &entry.pricing, name);
    }
}

void PriceBookTest::holdsNoPriceThatIsOutOfReason()
{
    // A slip of the decimal point in the file shows as one of these.
    constexpr PicoUsd dearest = 1'000'000'000; // 1,000 USD per million tokens.
    const PriceBook book = PriceBook::builtIn();
    for (const PriceBook::Entry &entry : book.entries()) {
        const QByteArray name = (entry.provider + u'/' + entry.model).toUtf8();
        const UnitPrices &base = entry.pricing.base;
        QVERIFY2(base.input && *base.input > 0 && *base.input <= dearest, name);
        QVERIFY2(!base.output || (*base.output >= *base.input && *base.output <= dearest), name);
        QVERIFY2(!base.cacheRead || *base.cacheRead < *base.input, name);
        QVERIFY2(!base.cacheWrite || *base.cacheWrite >= *base.input, name);
        for (const PriceTier &tier : entry.pricing.tiers) {
            QVERIFY2(tier.prices.input > base.input && tier.prices.output > base.output, name);
            QVERIFY2(!base.cacheRead || tier.prices.cacheRead > base.cacheRead, name);
            QVERIFY2(!base.cacheWrite || tier.prices.cacheWrite > base.cacheWrite, name);
        }
    }
}

void PriceBookTest::pricesTheDemoModel()
{
    const PriceBook book = PriceBook::builtIn();
    const Pricing *pricing = book.find(u"echo"_s, u"demo"_s);
    QVERIFY(pricing);
    QCOMPARE(pricing->source, u"built in"_s);
    QCOMPARE(cost({.inputTokens = 1'000'000, .outputTokens = 1'000'000}, *pricing).toUsd(), u"3"_s);
}

void PriceBookTest::findsNamesWithAndWithoutTheirDate_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("isFound");
    QTest::newRow("as listed") << u"m-1"_s << true;
    QTest::newRow("date with dashes") << u"m-1-2024-08-06"_s << true;
    QTest::newRow("date without") << u"m-1-20241022"_s << true;
    QTest::newRow("two dates") << u"m-1-20241022-20241022"_s << false;
    QTest::newRow("longer name") << u"m-1-mini"_s << false;
    QTest::newRow("longer name with a date") << u"m-1-mini-2024-08-06"_s << false;
    QTest::newRow("half a date") << u"m-1-2024-08"_s << false;
    QTest::newRow("seven digits") << u"m-1-2024102"_s << false;
    QTest::newRow("nine digits") << u"m-1-202410220"_s << false;
    QTest::newRow("other digits") << u"m-1-٢٠٢٤١٠٢٢"_s << false;
    QTest::newRow("date alone") << u"-20241022"_s << false;
    QTest::newRow("other case") << u"M-1"_s << false;
    QTest::newRow("shorter name") << u"m"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void PriceBookTest::findsNamesWithAndWithoutTheirDate()
{
    const auto book = PriceBook::fromJson(R"({"rows": [{"providers": ["p", "q"], "models": ["m-1"],
        "input": "1", "source": "p.example/prices", "date": "2026-01-01"}]})");
    QVERIFY2(book, book ? "" : qPrintable(book.error().message));
    QFETCH(QString, model);
    QTEST(book->find(u"p"_s, model) != nullptr, "isFound");
    QTEST(book->find(u"q"_s, model) != nullptr, "isFound");
    QVERIFY(!book->find(u"r"_s, model));
}

void PriceBookTest::prefersTheNameAsItStands()
{
    const PriceBook book = PriceBook::builtIn();
    QCOMPARE(book.find(u"openai"_s, u"gpt-4o-2024-08-06"_s)->base.input, 2'500'000);
    QCOMPARE(book.find(u"openai"_s, u"gpt-4o-2024-05-13"_s)->base.input, 5'000'000);
}

void PriceBookTest::refusesABrokenFile_data()
{
    QTest::addColumn<QByteArray>("rows");
    QTest::addColumn<QString>("message");
    const auto add = [](const char *name, const QByteArray &members, const QString &message) {
        QTest::newRow(name) << "{" + members + "}" << message;
    };
    const QByteArray names = R"("providers": ["p"], "models": ["m"], )";
    const QByteArray origin = R"(, "source": "p.example/prices", "date": "2026-01-01")";
    add("number for a price", names + R"("input": 2.5)" + origin,
        u"Price row 1: 'input' must be a price in USD such as 0.0000025 or 2.5e-06."_s);
    add("negative", names + R"("input": "-1")" + origin,
        u"Price row 1: 'input' must not be negative."_s);
    add("too fine", names + R"("input": "0.0000001")" + origin,
        u"Price row 1: 'input' must be a whole number of pico-USD (1e-12 USD) per unit."_s);
    add("unknown key", names + R"("input": "1", "outptu": "2")" + origin,
        u"Price row 1: unknown key 'outptu'."_s);
    add("no price", names + R"("output": "1")" + origin,
        u"Price row 1: a price for input, an image or a request is needed."_s);
    add("no source", names + R"("input": "1", "date": "2026-01-01")",
        u"Price row 1: 'source' and 'date' (ISO 8601) are needed."_s);
    add("no such date", names + R"("input": "1", "source": "a.example/b", "date": "2026-02-30")",
        u"Price row 1: 'source' and 'date' (ISO 8601) are needed."_s);
    add("no models", R"("providers": ["p"], "input": "1")" + origin,
        u"Price row 1: 'providers' and 'models' are needed."_s);
    add("empty list", R"("providers": ["p"], "models": [], "input": "1")" + origin,
        u"Price row 1: 'models' must hold at least one name."_s);
    add("same name twice", R"("providers": ["p"], "models": ["m", "m"], "input": "1")" + origin,
        u"Price row 1: 'm' of 'p' is listed twice."_s);
    add("tier without an edge", names + R"("input": "1", "tiers": [{"input": "2"}])" + origin,
        u"Price row 1: 'above_input_tokens' must be a positive number."_s);
    add("tiers in disorder",
        names + R"("input": "1", "tiers": [{"above_input_tokens": 2, "input": "2"},
        {"above_input_tokens": 2, "input": "3"}])"
            + origin,
        u"Price row 1: tiers must stand in rising order."_s);
}

void PriceBookTest::refusesABrokenFile()
{
    QFETCH(QByteArray, rows);
    const auto book = PriceBook::fromJson(R"({"rows": [)" + rows + "]}");
    QVERIFY(!book);
    QTEST(book.error().message, "message");
    QVERIFY(!PriceBook::fromJson("{"));
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::PriceBookTest)
#include "tst_price_book.moc"
