#include "gateway/telemetry/access_log.h"
#include "gateway/telemetry/log_writer.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QtTest>

using namespace delta;
using namespace delta::telemetry;

class AccessLogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsAllOfAGoodCall()
    {
        QCOMPARE(jsonLine(callRecord(test::goodCall())),
                 "{\"time\":\"2027-01-15T08:00:00.123Z\",\"level\":\"info\",\"category\":\"delta."
                 "calls\","
                 "\"message\":\"call\",\"request_id\":\"req_1\",\"operation\":\"chat_completion\","
                 "\"key_id\":\"AbCd0123\",\"user_id\":\"ada\",\"team_id\":\"research\",\"model\":"
                 "\"fast\","
                 "\"deployment\":\"fast-0\",\"provider\":\"acme\",\"status\":200,\"outcome\":"
                 "\"succeeded\","
                 "\"stream\":false,\"latency_ms\":123.456,\"ttft_ms\":40,\"upstream_ms\":120.001,"
                 "\"input_tokens\":100,\"output_tokens\":20,\"cost_usd\":0.000125,\"usage_source\":"
                 "\"reported\"}\n");
    }

    void leavesOutWhatARefusedCallHasNot()
    {
        QCOMPARE(jsonLine(callRecord(test::refusedCall())),
                 "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"category\":\"delta."
                 "calls\","
                 "\"message\":\"call\",\"request_id\":\"req_2\",\"operation\":\"chat_completion\","
                 "\"status\":401,"
                 "\"outcome\":\"rejected\",\"error_code\":\"invalid_api_key\",\"stream\":false,"
                 "\"latency_ms\":0.09}\n");
    }

    void warnsOfTrouble_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<bool>("isWarning");
        QTest::newRow("good") << 200 << Outcome::Succeeded << false;
        QTest::newRow("the client's fault") << 429 << Outcome::Rejected << false;
        QTest::newRow("the provider's fault") << 502 << Outcome::Failed << true;
        QTest::newRow("a crash") << 200 << Outcome::Recovered << true;
    }

    void warnsOfTrouble()
    {
        QFETCH(int, status);
        QFETCH(Outcome, outcome);
        QFETCH(bool, isWarning);
        SpendEntry entry = test::goodCall();
        entry.status = status;
        entry.outcome = outcome;
        QCOMPARE(callRecord(entry).level, isWarning ? LogLevel::Warning : LogLevel::Info);
    }

    void neverTellsTheEndUser()
    {
        SpendEntry entry = test::goodCall();
        entry.endUser = "ada@example.org";
        QVERIFY(!jsonLine(callRecord(entry)).contains("example"));
    }

    void masksAKeyThatAClientSendsAsModel()
    {
        SpendEntry entry = test::goodCall();
        entry.model = "sk-abcdef123456";
        QVERIFY(!jsonLine(callRecord(entry)).contains("abcdef"));
    }

    void isSilentWhenToldTo_data()
    {
        QTest::addColumn<bool>("logsCalls");
        QTest::addColumn<LogLevel>("level");
        QTest::addColumn<int>("lines");
        QTest::newRow("on") << true << LogLevel::Info << 1;
        QTest::newRow("off") << false << LogLevel::Info << 0;
        QTest::newRow("warnings only") << true << LogLevel::Warning << 0;
    }

    void isSilentWhenToldTo()
    {
        QFETCH(bool, logsCalls);
        QFETCH(LogLevel, level);
        QFETCH(int, lines);
        test::Lines written;
        {
            LogWriter writer(std::make_unique<test::LinesTarget>(written));
            AccessLog(writer, {.sink = LogSink::Json, .level = level, .logsCalls = logsCalls})
                .write(test::goodCall());
        }
        QCOMPARE(written.all().size(), lines);
    }
};

QTEST_GUILESS_MAIN(AccessLogTest)
#include "tst_access_log.moc"
