// labels: golden contract
#include "gateway/telemetry/metrics.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QFile>
#include <QtTest>

using namespace delta;
using namespace delta::telemetry;

namespace {

GaugeSources fixedGauges()
{
    GaugeSources sources;
    sources.inFlightRequests = [] { return 7; };
    sources.connections = [] { return 12; };
    sources.journalLag = [] { return std::chrono::microseconds(250'000); };
    sources.journalBacklogBytes = [] { return 4096; };
    sources.ledgerOpenCalls = [] { return 6; };
    sources.redisUp = [] { return 1; };
    sources.redisDegradedCalls = [] { return 5; };
    sources.storeListening = [] { return 1; };
    sources.storeNotifications = [] { return 8; };
    sources.lostGateways = [] { return 1; };
    sources.logLinesDropped = [] { return 3; };
    sources.configReloads = [] {
        return std::vector<ReloadCount>{
            {"signal", "success", 2}, {"signal", "failure", 1}, {"file", "success", 1}};
    };
    sources.alertsQueued = [] { return 2; };
    sources.alerts = [] {
        return std::vector<AlertCount>{{"webhook", "delivered", 9},
                                       {"webhook", "failed", 4},
                                       {"webhook", "given_up", 1},
                                       {"email", "delivered", 10}};
    };
    sources.callContents = [] {
        return std::vector<ContentCount>{{"stored", 11}, {"dropped", 1}, {"failed", 0}};
    };
    sources.process = [] {
        return ProcessStats{.residentBytes = 50'000'000,
                            .virtualBytes = 900'000'000,
                            .openFiles = 33,
                            .fileLimit = 1024,
                            .cpu = std::chrono::microseconds(12'340'000),
                            .startedAt = std::chrono::microseconds(1'800'000'000'250'000)};
    };
    return sources;
}

/// Records one call of each kind that an operator sees.
void recordCalls(CallRecorder &recorder)
{
    SpendEntry entry = test::goodCall();
    recorder.record(entry);
    entry.isStream = true;
    entry.latency = std::chrono::microseconds(11'000'000);
    entry.usageSource = UsageSource::Estimated;
    recorder.record(entry);
    entry = test::goodCall();
    entry.keyId = "master";
    entry.userId.clear();
    entry.teamId.clear();
    entry.isPriced = false;
    entry.cost = Money();
    recorder.record(entry);
    entry = test::goodCall();
    entry.outcome = Outcome::Failed;
    entry.status = 502;
    entry.errorCode = "upstream_unreachable";
    entry.timeToFirst = std::chrono::microseconds(-1);
    entry.usage = {};
    entry.cost = Money();
    entry.usageSource = UsageSource::None;
    recorder.record(entry);
    recorder.record(test::refusedCall());
}

} // namespace

/// Every name, label, bucket and help text that dashboards and alerts rely on, as one text.
class MetricsTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheGoldenText()
    {
        Metrics metrics({.version = "1.2.3", .labelSets = 100}, fixedGauges());
        recordCalls(metrics.makeRecorder());
        const QByteArray text = metrics.text();
        QFile golden(QStringLiteral(DELTA_SOURCE_DIR "/tests/golden/metrics.txt"));
        if (qEnvironmentVariableIsSet("DELTA_UPDATE_GOLDEN")) {
            QVERIFY(golden.open(QIODevice::WriteOnly | QIODevice::Truncate));
            QCOMPARE(golden.write(text), text.size());
            return;
        }
        QVERIFY2(golden.open(QIODevice::ReadOnly),
                 "Run once with DELTA_UPDATE_GOLDEN=1 and review the file.");
        const QByteArrayList expected = golden.readAll().split('\n');
        const QByteArrayList actual = text.split('\n');
        for (qsizetype line = 0; line < qMin(expected.size(), actual.size()); ++line) {
            QCOMPARE(actual[line], expected[line]);
        }
        QCOMPARE(actual.size(), expected.size());
    }

    void isTheSameEveryTime()
    {
        Metrics a({.version = "1", .labelSets = 100}, fixedGauges());
        Metrics b({.version = "1", .labelSets = 100}, fixedGauges());
        recordCalls(a.makeRecorder());
        recordCalls(b.makeRecorder());
        QCOMPARE(a.text(), b.text());
        QCOMPARE(a.text(), a.text());
    }
};

QTEST_GUILESS_MAIN(MetricsTextTest)
#include "tst_metrics_text.moc"
