// labels: unit money
#include "shared/json/value_codec.h"
#include "tests/shared/dice.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace delta {

namespace {

const JsonPlace place{u"field"_s, DocumentKind::Whole};

/// Returns the text of a value in a document, as it goes over the wire.
QByteArray written(const QJsonValue &value)
{
    const QByteArray text =
        QJsonDocument(QJsonObject{{u"v"_s, value}}).toJson(QJsonDocument::Compact);
    return text.sliced(5).chopped(1);
}

/// Returns the value that a text on the wire means.
QJsonValue read(const QByteArray &text)
{
    return QJsonDocument::fromJson("{\"v\":" + text + '}').object().value("v"_L1);
}

template <typename T>
Result<T> decoded(const QByteArray &text)
{
    T value{};
    TRY_VOID(JsonCodec<T>::decode(read(text), place, value));
    return value;
}

} // namespace

class ValueCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesMoneyInPlainDecimals_data();
    void writesMoneyInPlainDecimals();
    void keepsEveryNanoBelowEightMillion();
    void refusesMoneyThatIsNotExact_data();
    void refusesMoneyThatIsNotExact();
    void refusesWhatIsNotOfTheType();
    void keepsWholeNumbersBeyondDoubles();
    void readsTimesWithAnyOffset_data();
    void readsTimesWithAnyOffset();
    void writesTimesInUtcWithMilliseconds();
    void writesNoDurationAsNull();
    void namesTheElementThatIsWrong();
    void readsTextsOfAnyScript();
    void writesEmptyTextsAsNullWhereAsked();
};

void ValueCodecTest::writesMoneyInPlainDecimals_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("zero") << 0LL << QByteArray("0");
    QTest::newRow("dollars") << 12'000'000'000LL << QByteArray("12");
    QTest::newRow("cents") << 12'340'000'000LL << QByteArray("12.34");
    QTest::newRow("nine decimals") << 8'388'607'999'999'999LL << QByteArray("8388607.999999999");
    QTest::newRow("one nano") << 1LL << QByteArray("1e-09");
    QTest::newRow("debt") << -500'000'000LL << QByteArray("-0.5");
}

void ValueCodecTest::writesMoneyInPlainDecimals()
{
    QFETCH(qint64, nanos);
    QTEST(written(JsonCodec<Money>::encode(Money::fromNanos(nanos))), "text");
}

void ValueCodecTest::keepsEveryNanoBelowEightMillion()
{
    constexpr qint64 limit = (1LL << 23) * 1'000'000'000 - 1;
    Dice dice(8388608);
    for (int i = 0; i < 100'000; ++i) {
        dice.next();
        // Half of the rounds lie just below the limit, where doubles are the farthest apart.
        const qint64 nanos = i % 2 == 0 ? dice.between(-limit, limit)
                                        : limit - dice.between(0, 1'000'000);
        const Money money = Money::fromNanos(nanos);
        const QByteArray text = written(JsonCodec<Money>::encode(money));
        const Result<Money> back = decoded<Money>(text);
        QVERIFY2(back && *back == money, dice.where() + ": " + text);
    }
}

void ValueCodecTest::refusesMoneyThatIsNotExact_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("ten decimals") << QByteArray("0.0000000001");
    QTest::newRow("noise of a sum of doubles") << QByteArray("0.30000000000000004");
    QTest::newRow("beyond the range") << QByteArray("1e10");
    QTest::newRow("far beyond") << QByteArray("1e300");
    QTest::newRow("text") << QByteArray("\"1.5\"");
    QTest::newRow("nothing") << QByteArray("null");
}

void ValueCodecTest::refusesMoneyThatIsNotExact()
{
    QFETCH(QByteArray, text);
    const Result<Money> money = decoded<Money>(text);
    QVERIFY(!money);
    QCOMPARE(money.error().param, u"field"_s);
    QVERIFY2(money.error().message.startsWith("'field' must "_L1),
             qPrintable(money.error().message));
}

void ValueCodecTest::refusesWhatIsNotOfTheType()
{
    const auto error = [](const auto &result) {
        return result ? QString() : result.error().message;
    };
    QCOMPARE(error(decoded<QString>("1")), u"'field' must be a text."_s);
    QCOMPARE(error(decoded<QByteArray>("[]")), u"'field' must be a text."_s);
    QCOMPARE(error(decoded<bool>("1")), u"'field' must be true or false."_s);
    QCOMPARE(error(decoded<QStringList>("{}")), u"'field' must be an array."_s);
    QCOMPARE(error(decoded<quint8>("256")), u"'field' must be a whole number from 0 to 255."_s);
    QCOMPARE(error(decoded<quint8>("-1")), u"'field' must be a whole number from 0 to 255."_s);
    QCOMPARE(error(decoded<int>("1.5")),
             u"'field' must be a whole number from -2147483648 to 2147483647."_s);
    QCOMPARE(error(decoded<std::chrono::microseconds>("-1")),
             u"'field' must be a number of milliseconds with at most three decimals."_s);
}

void ValueCodecTest::keepsWholeNumbersBeyondDoubles()
{
    for (const qint64 number : {(1LL << 53) + 1, std::numeric_limits<qint64>::max(),
                                std::numeric_limits<qint64>::min(), 0LL}) {
        const QByteArray text = written(JsonCodec<qint64>::encode(number));
        QCOMPARE(text, QByteArray::number(number));
        QCOMPARE(decoded<qint64>(text).value(), number);
    }
    QCOMPARE(decoded<qint64>("5.0").value(), 5);
}

void ValueCodecTest::readsTimesWithAnyOffset_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("UTC") << QByteArray("\"2026-11-23T13:39:00Z\"") << 1795441140000LL;
    QTest::newRow("milliseconds") << QByteArray("\"2026-11-23T13:39:00.250Z\"") << 1795441140250LL;
    QTest::newRow("east") << QByteArray("\"2026-11-23T14:39:00+01:00\"") << 1795441140000LL;
    QTest::newRow("no zone") << QByteArray("\"2026-11-23T13:39:00\"") << -1LL;
    QTest::newRow("date only") << QByteArray("\"2026-11-23\"") << -1LL;
    QTest::newRow("no such day") << QByteArray("\"2026-02-30T00:00:00Z\"") << -1LL;
    QTest::newRow("number") << QByteArray("1795441140") << -1LL;
}

void ValueCodecTest::readsTimesWithAnyOffset()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, milliseconds);
    const Result<WallTime> time = decoded<WallTime>(text);
    QCOMPARE(time ? time->time_since_epoch().count() : -1, milliseconds);
}

void ValueCodecTest::writesTimesInUtcWithMilliseconds()
{
    const WallTime time(1795441140007ms);
    QCOMPARE(written(JsonCodec<WallTime>::encode(time)), "\"2026-11-23T13:39:00.007Z\"");
}

void ValueCodecTest::writesNoDurationAsNull()
{
    using Codec = JsonCodec<std::chrono::microseconds>;
    QCOMPARE(written(Codec::encode(-1us)), "null");
    QCOMPARE(written(Codec::encode(0us)), "0");
    QCOMPARE(written(Codec::encode(1'234'567us)), "1234.567");
    QCOMPARE(decoded<std::chrono::microseconds>("1234.567").value(), 1'234'567us);
    QVERIFY(!decoded<std::chrono::microseconds>("0.0001"));
}

void ValueCodecTest::namesTheElementThatIsWrong()
{
    const Result<QStringList> names = decoded<QStringList>(R"(["a", "b", 3])");
    QVERIFY(!names);
    QCOMPARE(names.error().param, u"field[2]"_s);
    QCOMPARE(names.error().message, u"'field[2]' must be a text."_s);
    QCOMPARE(decoded<QStringList>(R"(["a", "b"])").value(), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(decoded<std::vector<int>>("[1, 2]").value(), (std::vector{1, 2}));
    QCOMPARE(decoded<std::vector<std::optional<int>>>("[1, null]").value().at(1), std::nullopt);
}

void ValueCodecTest::readsTextsOfAnyScript()
{
    const QByteArray text = "\"Grüße, 北京 😀\"";
    QCOMPARE(decoded<QByteArray>(text).value(), "Grüße, 北京 😀");
    QCOMPARE(written(JsonCodec<QByteArray>::encode("Grüße, 北京 😀")), text);
}

void ValueCodecTest::writesEmptyTextsAsNullWhereAsked()
{
    QCOMPARE(written(NullWhenEmpty<QString>::encode(QString())), "null");
    QCOMPARE(written(NullWhenEmpty<QString>::encode(u"a"_s)), "\"a\"");
    QCOMPARE(written(JsonCodec<QString>::encode(QString())), "\"\"");
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::ValueCodecTest)
#include "tst_value_codec.moc"
