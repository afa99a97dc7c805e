#include "shared/json/json_codec.h"
#include "shared/models/period.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class PeriodTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryUnit_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("unit");
        const auto row = [](const char *text, int count, PeriodUnit unit) {
            QTest::newRow(text) << QString::fromLatin1(text) << count << std::to_underlying(unit);
        };
        row("30s", 30, PeriodUnit::Second);
        row("5m", 5, PeriodUnit::Minute);
        row("12h", 12, PeriodUnit::Hour);
        row("30d", 30, PeriodUnit::Day);
        row("2w", 2, PeriodUnit::Week);
        row("1mo", 1, PeriodUnit::Month);
        row("10000d", 10000, PeriodUnit::Day);
    }

    void readsEveryUnit()
    {
        QFETCH(QString, text);
        QFETCH(int, count);
        QFETCH(int, unit);
        const auto period = Period::fromText(text);
        QVERIFY(period);
        QCOMPARE(period->count, count);
        QCOMPARE(std::to_underlying(period->unit), unit);
        QCOMPARE(period->toText(), text);
    }

    void refusesWhatIsNoPeriod_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "d", "30", "0d", "-1d", "+1d", "1.5h", " 1d", "1d ", "1 d", "1D", "1y", "1mon",
              "10001d", "99999999999999999999d", "00001d1", "000001d", "١d", "1h30m"}) {
            QTest::newRow(text) << QString::fromUtf8(text);
        }
    }

    void refusesWhatIsNoPeriod()
    {
        QFETCH(QString, text);
        const auto period = Period::fromText(text);
        QVERIFY(!period);
        QVERIFY(period.error().contains(u"such as \"30d\""_s));
    }

    void namesTheFieldOfABadOne()
    {
        Period period;
        const JsonPlace place{u"budget_duration"_s, DocumentKind::Patch};
        QVERIFY(JsonCodec<Period>::decode(QJsonValue(u"1mo"_s), place, period));
        QCOMPARE(period.toText(), u"1mo"_s);
        for (const QJsonValue &bad : {QJsonValue(30), QJsonValue(u"soon"_s), QJsonValue(true)}) {
            const Result<void> read = JsonCodec<Period>::decode(bad, place, period);
            QVERIFY(!read);
            QCOMPARE(read.error().param, u"budget_duration"_s);
        }
    }
};

} // namespace delta

QTEST_GUILESS_MAIN(delta::PeriodTest)
#include "tst_period.moc"
