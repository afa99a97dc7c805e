// labels: money
#include "shared/billing/budget_window.h"
#include "tests/shared/dice.h"

#include <QDateTime>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

WallTime timeOf(const QString &text)
{
    return WallTime(std::chrono::milliseconds(
        QDateTime::fromString(text, Qt::ISODateWithMs).toMSecsSinceEpoch()));
}

QString textOf(WallTime time, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), zone)
        .toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

} // namespace

class BudgetWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWhereACalendarDoes_data();
    void beginsWhereACalendarDoes();
    void followsWithoutGapOrOverlap();
    void knowsTheLengthOfARollingOne();
};

void BudgetWindowTest::beginsWhereACalendarDoes_data()
{
    QTest::addColumn<QString>("period");
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QString>("at");
    QTest::addColumn<QString>("begin");
    QTest::addColumn<QString>("end");
    const auto row = [](const char *name, const char *period, const char *zone, const char *at,
                        const char *begin, const char *end) {
        QTest::newRow(name) << QString::fromLatin1(period) << QByteArray(zone)
                            << QString::fromLatin1(at) << QString::fromLatin1(begin)
                            << QString::fromLatin1(end);
    };
    const char *noon = "2026-11-28T12:34:56Z"; // A Saturday.
    row("seconds", "30s", "UTC", noon, "2026-11-28 12:34:30", "2026-11-28 12:35:00");
    row("minutes", "5m", "UTC", noon, "2026-11-28 12:30:00", "2026-11-28 12:35:00");
    row("hours", "6h", "UTC", noon, "2026-11-28 12:00:00", "2026-11-28 18:00:00");
    row("a day as hours", "24h", "UTC", noon, "2026-11-28 00:00:00", "2026-11-29 00:00:00");
    row("a day", "1d", "UTC", noon, "2026-11-28 00:00:00", "2026-11-29 00:00:00");
    row("a week as days", "7d", "UTC", noon, "2026-11-23 00:00:00", "2026-11-30 00:00:00");
    row("a week", "1w", "UTC", noon, "2026-11-23 00:00:00", "2026-11-30 00:00:00");
    row("a month as days", "30d", "UTC", noon, "2026-11-01 00:00:00", "2026-12-01 00:00:00");
    row("a month", "1mo", "UTC", noon, "2026-11-01 00:00:00", "2026-12-01 00:00:00");
    row("a quarter", "3mo", "UTC", noon, "2026-10-01 00:00:00", "2027-01-01 00:00:00");
    row("a year", "12mo", "UTC", noon, "2026-01-01 00:00:00", "2027-01-01 00:00:00");
    row("a short month", "1mo", "UTC", "2028-02-29T23:59:59Z", "2028-02-01 00:00:00",
        "2028-03-01 00:00:00");
    row("the first moment", "1d", "UTC", "2026-11-28T00:00:00.000Z", "2026-11-28 00:00:00",
        "2026-11-29 00:00:00");
    row("the last moment", "1d", "UTC", "2026-11-28T23:59:59.999Z", "2026-11-28 00:00:00",
        "2026-11-29 00:00:00");
    row("another zone's day", "1d", "Asia/Tokyo", "2026-11-28T15:00:00Z", "2026-11-29 00:00:00",
        "2026-11-30 00:00:00");
    row("hours of another zone", "6h", "Asia/Kolkata", "2026-11-28T12:34:56Z",
        "2026-11-28 18:00:00", "2026-11-29 00:00:00");
    row("what divides no day", "7h", "Asia/Tokyo", "1970-01-01T08:00:00Z", "1970-01-01 16:00:00",
        "1970-01-01 23:00:00");
    // Berlin: 23 hours on 2026-03-29, 25 on 2026-10-25.
    row("a short day", "1d", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-29 00:00:00",
        "2026-03-30 00:00:00");
    row("the end of a short day", "12h", "Europe/Berlin", "2026-03-29T21:00:00Z",
        "2026-03-29 13:00:00", "2026-03-30 00:00:00");
    row("the last hour of a long day", "12h", "Europe/Berlin", "2026-10-25T22:30:00Z",
        "2026-10-25 23:00:00", "2026-10-26 00:00:00");
    // No midnight there: the clock went from 00:00 to 01:00.
    row("a day without midnight", "1d", "America/Asuncion", "2023-10-01T12:00:00Z",
        "2023-10-01 01:00:00", "2023-10-02 00:00:00");
    // Samoa went over the date line and left 2011-12-30 out.
    row("the day before one that is not", "1d", "Pacific/Apia", "2011-12-29T22:00:00Z",
        "2011-12-29 00:00:00", "2011-12-31 00:00:00");
}

void BudgetWindowTest::beginsWhereACalendarDoes()
{
    QFETCH(QString, period);
    QFETCH(QByteArray, zone);
    QFETCH(QString, at);
    const QTimeZone timeZone(zone);
    QVERIFY2(timeZone.isValid(), "this machine has no data of time zones");
    const BudgetWindow window = windowAt(*Period::fromText(period), timeZone, timeOf(at));
    QTEST(textOf(window.begin, timeZone), "begin");
    QTEST(textOf(window.end, timeZone), "end");
}

void BudgetWindowTest::followsWithoutGapOrOverlap()
{
    constexpr std::array units{PeriodUnit::Second, PeriodUnit::Minute, PeriodUnit::Hour,
                               PeriodUnit::Day,    PeriodUnit::Week,   PeriodUnit::Month};
    const std::array zones{QTimeZone("UTC"), QTimeZone("Europe/Berlin"),
                           QTimeZone("America/Asuncion"), QTimeZone("Australia/Lord_Howe"),
                           QTimeZone("Pacific/Apia")};
    const std::int64_t first = timeOf(u"2000-01-01T00:00:00Z"_s).time_since_epoch().count();
    const std::int64_t last = timeOf(u"2060-01-01T00:00:00Z"_s).time_since_epoch().count();
    Dice dice(20'261'128);
    for (int round = 0; round < 20'000; ++round) {
        dice.next();
        const Period period{static_cast<int>(dice.between(1, dice.between(0, 1) ? 40 : 10'000)),
                            units.at(static_cast<std::size_t>(dice.between(0, 5)))};
        const QTimeZone &zone = zones.at(static_cast<std::size_t>(dice.between(0, 4)));
        const WallTime at(std::chrono::milliseconds(dice.between(first, last)));
        const BudgetWindow window = windowAt(period, zone, at);
        const auto about = dice.where() + ": " + period.toText().toUtf8() + " in " + zone.id();
        const auto tick = std::chrono::milliseconds(1);
        QVERIFY2(window.holds(at), about);
        QVERIFY2(windowAt(period, zone, window.begin) == window, about);
        QVERIFY2(windowAt(period, zone, window.end - tick) == window, about);
        QVERIFY2(windowAt(period, zone, window.end).begin == window.end, about);
        QVERIFY2(windowAt(period, zone, window.begin - tick).end == window.begin, about);
    }
}

void BudgetWindowTest::knowsTheLengthOfARollingOne()
{
    using namespace std::chrono_literals;
    QCOMPARE(rollingLength({90, PeriodUnit::Second}), 90s);
    QCOMPARE(rollingLength({5, PeriodUnit::Minute}), 5min);
    QCOMPARE(rollingLength({2, PeriodUnit::Week}), 24h * 14);
    QCOMPARE(rollingLength({1, PeriodUnit::Month}), 24h * 30);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::BudgetWindowTest)
#include "tst_budget_window.moc"
