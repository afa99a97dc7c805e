// labels: unit hostile
#include "gateway/admin/duration.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::readDuration;

class DurationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsANumberAndAUnit_data();
    void readsANumberAndAUnit();
    void refusesEverythingElse_data();
    void refusesEverythingElse();
    void allowsAHundredYearsAndNoMore_data();
    void allowsAHundredYearsAndNoMore();
};

void DurationTest::readsANumberAndAUnit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("seconds") << u"30s"_s << qint64(30);
    QTest::newRow("minutes") << u"5m"_s << qint64(300);
    QTest::newRow("hours") << u"12h"_s << qint64(43'200);
    QTest::newRow("days") << u"30d"_s << qint64(2'592'000);
    QTest::newRow("weeks") << u"2w"_s << qint64(1'209'600);
    QTest::newRow("months") << u"1mo"_s << qint64(2'592'000);
    QTest::newRow("leading zeros") << u"007s"_s << qint64(7);
}

void DurationTest::readsANumberAndAUnit()
{
    QFETCH(const QString, text);
    QFETCH(const qint64, seconds);
    const auto duration = readDuration(text);
    QVERIFY(duration);
    QCOMPARE(qint64(duration->count()), seconds);
}

void DurationTest::refusesEverythingElse_data()
{
    QTest::addColumn<QString>("text");
    const QStringList wrong{u""_s,
                            u"30"_s,
                            u"d"_s,
                            u"mo"_s,
                            u"0s"_s,
                            u"-5m"_s,
                            u"+5m"_s,
                            u" 5m"_s,
                            u"5 m"_s,
                            u"5m "_s,
                            u"1.5h"_s,
                            u"1e3s"_s,
                            u"0x1fs"_s,
                            u"1,000s"_s,
                            u"5M"_s,
                            u"5min"_s,
                            u"1h30m"_s,
                            u"5y"_s,
                            u"forever"_s,
                            u"٣d"_s,
                            u"5\u00a0m"_s,
                            u"99999999999999999999s"_s,
                            u"9223372036854775807w"_s};
    for (const QString &text : wrong) {
        QTest::addRow("'%s'", qPrintable(text)) << text;
    }
}

void DurationTest::refusesEverythingElse()
{
    QFETCH(const QString, text);
    const auto duration = readDuration(text);
    QVERIFY(!duration);
    QCOMPARE(duration.error().kind, ErrorKind::InvalidRequest);
    QCOMPARE(duration.error().param, u"duration"_s);
    QVERIFY(duration.error().message.contains(u"30d"_s));
}

void DurationTest::allowsAHundredYearsAndNoMore_data()
{
    QTest::addColumn<QString>("longest");
    QTest::addColumn<QString>("tooLong");
    QTest::newRow("days") << u"36600d"_s << u"36601d"_s;
    QTest::newRow("seconds") << u"3162240000s"_s << u"3162240001s"_s;
    QTest::newRow("months") << u"1220mo"_s << u"1221mo"_s;
}

void DurationTest::allowsAHundredYearsAndNoMore()
{
    QFETCH(const QString, longest);
    QFETCH(const QString, tooLong);
    QVERIFY(readDuration(longest));
    QVERIFY(!readDuration(tooLong));
}

QTEST_APPLESS_MAIN(DurationTest)
#include "tst_duration.moc"
