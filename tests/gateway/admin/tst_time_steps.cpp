// labels: unit
#include "gateway/admin/spend/time_steps.h"

#include <QDateTime>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin;

namespace {

WallTime at(const char *text)
{
    const QDateTime time = QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate);
    return WallTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

QStringList textsOf(const std::vector<qint64> &bounds)
{
    QStringList texts;
    for (const qint64 hour : bounds) {
        texts.append(QDateTime::fromMSecsSinceEpoch(timeOf(hour).time_since_epoch().count(),
                                                    QTimeZone(QTimeZone::UTC))
                         .toString(u"MM-dd HH"_s));
    }
    return texts;
}

} // namespace

/// Where steps of time begin.
class TimeStepsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsStepsWhereThePeopleOfAZoneDo_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<TimeStep>("step");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("until");
        QTest::addColumn<QStringList>("bounds");
        const auto row = [](const char *name, const char *zone, TimeStep step, const char *from,
                            const char *until, QStringList bounds) {
            QTest::newRow(name) << QByteArray(zone) << step << QByteArray(from) << QByteArray(until)
                                << bounds;
        };
        row("hours", "UTC", TimeStep::Hour, "2026-05-01T10:20:00Z", "2026-05-01T12:00:01Z",
            {u"05-01 10"_s, u"05-01 11"_s, u"05-01 12"_s, u"05-01 13"_s});
        row("days", "UTC", TimeStep::Day, "2026-05-01T10:20:00Z", "2026-05-03T00:00:00Z",
            {u"05-01 10"_s, u"05-02 00"_s, u"05-03 00"_s});
        row("days of a zone", "Europe/Berlin", TimeStep::Day, "2026-05-01T00:00:00Z",
            "2026-05-02T12:00:00Z", {u"05-01 00"_s, u"05-01 22"_s, u"05-02 12"_s});
        row("a day of 23 hours", "Europe/Berlin", TimeStep::Day, "2026-03-28T23:00:00Z",
            "2026-03-30T22:00:00Z", {u"03-28 23"_s, u"03-29 22"_s, u"03-30 22"_s});
        row("a day of 25 hours", "Europe/Berlin", TimeStep::Day, "2026-10-24T22:00:00Z",
            "2026-10-26T23:00:00Z", {u"10-24 22"_s, u"10-25 23"_s, u"10-26 23"_s});
        row("a zone whose day begins within an hour", "Asia/Kolkata", TimeStep::Day,
            "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z",
            {u"05-01 00"_s, u"05-01 18"_s, u"05-02 00"_s});
        row("weeks begin on Monday", "UTC", TimeStep::Week, "2026-05-01T00:00:00Z",
            "2026-05-12T00:00:00Z", {u"05-01 00"_s, u"05-04 00"_s, u"05-11 00"_s, u"05-12 00"_s});
        row("months", "UTC", TimeStep::Month, "2026-01-31T00:00:00Z", "2026-03-02T00:00:00Z",
            {u"01-31 00"_s, u"02-01 00"_s, u"03-01 00"_s, u"03-02 00"_s});
        row("an empty range has an hour", "UTC", TimeStep::Day, "2026-05-01T10:00:00Z",
            "2026-05-01T10:00:00Z", {u"05-01 10"_s, u"05-01 11"_s});
    }
    void beginsStepsWhereThePeopleOfAZoneDo()
    {
        QFETCH(const QByteArray, zone);
        QFETCH(const TimeStep, step);
        QFETCH(const QByteArray, from);
        QFETCH(const QByteArray, until);
        QFETCH(const QStringList, bounds);
        QCOMPARE(textsOf(stepsOf(at(from), at(until), step, QTimeZone(zone), 400)), bounds);
    }

    void makesNoMoreStepsThanOneTooMany()
    {
        const auto bounds = stepsOf(at("2020-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"),
                                    TimeStep::Hour, QTimeZone(QTimeZone::UTC), 400);
        QCOMPARE(bounds.size(), 402U);
    }
};

QTEST_APPLESS_MAIN(TimeStepsTest)
#include "tst_time_steps.moc"
