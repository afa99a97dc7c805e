// labels: unit money
#include "shared/core/money.h"
#include "tests/shared/dice.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int rounds = 100'000;
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();

static_assert(Money::fromNanos(2) + Money::fromNanos(3) == Money::fromNanos(5));
static_assert(Money::fromNanos(highest) + Money::fromNanos(1) == Money::fromNanos(highest));
static_assert(Money::fromNanos(lowest) - Money::fromNanos(1) == Money::fromNanos(lowest));
static_assert(Money::fromNanos(0) - Money::fromNanos(lowest) == Money::fromNanos(highest));

/// The sum in 128 bits, brought back into range: what saturation means.
Money clamped(__int128 nanos)
{
    return Money::fromNanos(
        static_cast<std::int64_t>(std::min<__int128>(highest, std::max<__int128>(lowest, nanos))));
}

} // namespace

class MoneyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAmounts_data();
    void readsAmounts();
    void refusesWhatIsNoAmount_data();
    void refusesWhatIsNoAmount();
    void writesTheShortestText_data();
    void writesTheShortestText();
    void readsBackWhatItWrote();
    void sumsSaturateAndNeverWrap();
    void sumsInAnyOrderAndGroupingWithinRange();
    void ordersAsItsNanos();
};

void MoneyTest::readsAmounts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("zero") << u"0"_s << 0LL;
    QTest::newRow("minus zero") << u"-0"_s << 0LL;
    QTest::newRow("dollars") << u"3"_s << 3'000'000'000LL;
    QTest::newRow("half") << u"12.5"_s << 12'500'000'000LL;
    QTest::newRow("one nano") << u"0.000000001"_s << 1LL;
    QTest::newRow("minus one nano") << u"-0.000000001"_s << -1LL;
    QTest::newRow("zeros in front") << u"007.10"_s << 7'100'000'000LL;
    QTest::newRow("highest") << u"9223372036.854775807"_s << qint64(highest);
    QTest::newRow("lowest") << u"-9223372036.854775808"_s << qint64(lowest);
}

void MoneyTest::readsAmounts()
{
    QFETCH(QString, text);
    const auto money = Money::fromUsd(text);
    QVERIFY2(money, qPrintable(money.error_or(QString())));
    QTEST(qint64(money->nanos()), "nanos");
}

void MoneyTest::refusesWhatIsNoAmount_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    const QString malformed = u"must be an amount in USD such as 12.5"_s;
    for (const char *text : {"", "-", ".", ".5", "5.", "+1", "1e3", "1,5", "0x10", " 1", "1 ",
                             "nan", "inf", "--1", "1.2.3", "١"}) {
        QTest::addRow("'%s'", text) << QString::fromUtf8(text) << malformed;
    }
    QTest::newRow("ten decimals") << u"0.0000000001"_s << u"must have at most nine decimals"_s;
    QTest::newRow("ten decimals of nothing")
        << u"1.0000000000"_s << u"must have at most nine decimals"_s;
    QTest::newRow("too high") << u"9223372036.854775808"_s << u"must lie within 9.2 billion USD"_s;
    QTest::newRow("too low") << u"-9223372036.854775809"_s << u"must lie within 9.2 billion USD"_s;
    QTest::newRow("very high") << QString(500, u'9') << u"must lie within 9.2 billion USD"_s;
}

void MoneyTest::refusesWhatIsNoAmount()
{
    QFETCH(QString, text);
    const auto money = Money::fromUsd(text);
    QVERIFY(!money);
    QTEST(money.error(), "problem");
}

void MoneyTest::writesTheShortestText_data()
{
    QTest::addColumn<qint64>("nanos");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0LL << u"0"_s;
    QTest::newRow("dollars") << 3'000'000'000LL << u"3"_s;
    QTest::newRow("ten dollars") << 10'000'000'000LL << u"10"_s;
    QTest::newRow("fraction") << 125'000LL << u"0.000125"_s;
    QTest::newRow("one nano") << 1LL << u"0.000000001"_s;
    QTest::newRow("debt") << -1'500'000'000LL << u"-1.5"_s;
    QTest::newRow("highest") << qint64(highest) << u"9223372036.854775807"_s;
    QTest::newRow("lowest") << qint64(lowest) << u"-9223372036.854775808"_s;
}

void MoneyTest::writesTheShortestText()
{
    QFETCH(qint64, nanos);
    QTEST(Money::fromNanos(nanos).toUsd(), "text");
}

void MoneyTest::readsBackWhatItWrote()
{
    Dice dice(20261123);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Money money = Money::fromNanos(dice.ofAnySize());
        const QString text = money.toUsd();
        QVERIFY2(Money::fromUsd(text) == money, dice.where() + ": " + text.toLatin1());
        QVERIFY2(!text.contains(u'.') || !text.endsWith(u'0'),
                 dice.where() + ": " + text.toLatin1());
    }
}

void MoneyTest::sumsSaturateAndNeverWrap()
{
    Dice dice(7);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const std::int64_t a = dice.ofAnySize();
        const std::int64_t b = dice.ofAnySize();
        const Money sum = Money::fromNanos(a) + Money::fromNanos(b);
        const Money difference = Money::fromNanos(a) - Money::fromNanos(b);
        QVERIFY2(sum == clamped(__int128(a) + b), dice.where());
        QVERIFY2(difference == clamped(__int128(a) - b), dice.where());
    }
}

void MoneyTest::sumsInAnyOrderAndGroupingWithinRange()
{
    Dice dice(11);
    for (int i = 0; i < rounds; ++i) {
        dice.next();
        const Money a = Money::fromNanos(dice.between(lowest / 4, highest / 4));
        const Money b = Money::fromNanos(dice.between(lowest / 4, highest / 4));
        const Money c = Money::fromNanos(dice.between(lowest / 4, highest / 4));
        QVERIFY2((a + b) + c == a + (b + c), dice.where());
        QVERIFY2(a + b == b + a, dice.where());
        QVERIFY2(a + b - b == a, dice.where());
        Money accumulated = a;
        accumulated += b;
        QVERIFY2(accumulated == a + b, dice.where());
    }
}

void MoneyTest::ordersAsItsNanos()
{
    QVERIFY(Money::fromNanos(-1) < Money());
    QVERIFY(Money() < Money::fromNanos(1));
    QCOMPARE(Money(), Money::fromNanos(0));
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::MoneyTest)
#include "tst_money.moc"
