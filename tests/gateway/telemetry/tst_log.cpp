#include "gateway/telemetry/log.h"
#include "gateway/telemetry/log_writer.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QtTest>

using namespace delta;
using namespace delta::telemetry;
using namespace std::chrono_literals;

class LogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesMessageAndFields()
    {
        const QByteArrayList lines = linesAt(LogLevel::Info, [](const Log &log) {
            log.info("delta.test", "Two replies.",
                     {{"count", 2}, {"path", QStringLiteral("/x y")}});
        });
        QCOMPARE(
            lines.value(0),
            "{\"time\":\"2027-01-15T08:00:00.123Z\",\"level\":\"info\",\"category\":\"delta.test\","
            "\"message\":\"Two replies.\",\"count\":2,\"path\":\"/x y\"}\n");
    }

    void leavesOutWhatIsBelowTheLevel_data()
    {
        QTest::addColumn<LogLevel>("level");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("debug") << LogLevel::Debug << QByteArray("debug info warning error");
        QTest::newRow("info") << LogLevel::Info << QByteArray("info warning error");
        QTest::newRow("warning") << LogLevel::Warning << QByteArray("warning error");
        QTest::newRow("error") << LogLevel::Error << QByteArray("error");
    }

    void leavesOutWhatIsBelowTheLevel()
    {
        QFETCH(LogLevel, level);
        QFETCH(QByteArray, expected);
        QByteArrayList levels;
        for (const QByteArray &line : linesAt(level, [](const Log &log) {
                 log.debug("delta.test", "x");
                 log.info("delta.test", "x");
                 log.warning("delta.test", "x");
                 log.error("delta.test", "x");
             })) {
            levels.append(line.split('"').value(7));
        }
        QCOMPARE(levels.join(' '), expected);
    }

private:
    template <typename Act>
    [[nodiscard]] QByteArrayList linesAt(LogLevel level, Act act) const
    {
        test::Lines lines;
        {
            LogWriter writer(std::make_unique<test::LinesTarget>(lines));
            act(Log(writer, m_clock, level));
        }
        return lines.all();
    }

    test::StoppedClock m_clock;
};

QTEST_GUILESS_MAIN(LogTest)
#include "tst_log.moc"
