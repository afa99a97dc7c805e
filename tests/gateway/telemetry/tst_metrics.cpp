#include "gateway/telemetry/metrics.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QRegularExpression>
#include <QtTest>

#include <atomic>
#include <thread>

using namespace delta;
using namespace delta::telemetry;

namespace {

/// Returns the value of the sample with that name and those labels; "absent" if there is none.
QByteArray sampleOf(const QByteArray &text, const QByteArray &nameAndLabels)
{
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith(nameAndLabels + ' ')) {
            return line.sliced(nameAndLabels.size() + 1);
        }
    }
    return "absent";
}

qsizetype countSamples(const QByteArray &text, const QByteArray &name)
{
    return ('\n' + text).count('\n' + name + '{');
}

const QByteArray owner =
    "{model=\"fast\",api_provider=\"acme\",api_key=\"AbCd0123\",user=\"ada\",team=\"research\"}";

} // namespace

class MetricsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sumsOverThreads()
    {
        Metrics metrics({}, {});
        CallRecorder &a = metrics.makeRecorder();
        CallRecorder &b = metrics.makeRecorder();
        a.record(test::goodCall());
        a.record(test::goodCall());
        b.record(test::goodCall());
        QCOMPARE(sampleOf(metrics.text(), "deltallm_input_tokens_total" + owner), "300");
    }

    void printsMoneyExactly_data()
    {
        QTest::addColumn<qint64>("nanos");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << qint64(0) << QByteArray("0");
        QTest::newRow("one nano") << qint64(1) << QByteArray("0.000000001");
        QTest::newRow("more digits than a double has")
            << qint64(9'007'199'254'740'993) << QByteArray("9007199.254740993");
        QTest::newRow("whole") << qint64(3'000'000'000) << QByteArray("3");
    }

    void printsMoneyExactly()
    {
        QFETCH(qint64, nanos);
        QFETCH(QByteArray, text);
        Metrics metrics({}, {});
        SpendEntry entry = test::goodCall();
        entry.cost = Money::fromNanos(nanos);
        metrics.makeRecorder().record(entry);
        QCOMPARE(sampleOf(metrics.text(), "deltallm_spend_total" + owner), text);
    }

    void putsDurationsIntoCumulativeBuckets_data()
    {
        QTest::addColumn<qint64>("microseconds");
        QTest::addColumn<QByteArray>("below");
        QTest::addColumn<QByteArray>("within");
        QTest::newRow("zero") << qint64(0) << QByteArray() << QByteArray("0.005");
        QTest::newRow("at a bound") << qint64(5000) << QByteArray() << QByteArray("0.005");
        QTest::newRow("just above a bound")
            << qint64(5001) << QByteArray("0.005") << QByteArray("0.01");
        QTest::newRow("a second") << qint64(1'000'000) << QByteArray("0.75") << QByteArray("1.0");
        QTest::newRow("at the last bound")
            << qint64(10'000'000) << QByteArray("7.5") << QByteArray("10.0");
        QTest::newRow("beyond all bounds")
            << qint64(10'000'001) << QByteArray("10.0") << QByteArray("+Inf");
    }

    void putsDurationsIntoCumulativeBuckets()
    {
        QFETCH(qint64, microseconds);
        QFETCH(QByteArray, below);
        QFETCH(QByteArray, within);
        Metrics metrics({}, {});
        SpendEntry entry = test::goodCall();
        entry.upstreamLatency = std::chrono::microseconds(microseconds);
        metrics.makeRecorder().record(entry);
        const QByteArray text = metrics.text();
        const QByteArray name = "deltallm_llm_api_latency_seconds";
        const QByteArray labels = "{model=\"fast\",api_provider=\"acme\"";
        if (!below.isEmpty()) {
            QCOMPARE(sampleOf(text, name + "_bucket" + labels + ",le=\"" + below + "\"}"), "0");
        }
        QCOMPARE(sampleOf(text, name + "_bucket" + labels + ",le=\"" + within + "\"}"), "1");
        QCOMPARE(sampleOf(text, name + "_bucket" + labels + ",le=\"+Inf\"}"), "1");
        QCOMPARE(sampleOf(text, name + "_count" + labels + '}'), "1");
    }

    void skipsTimesThatDidNotHappen()
    {
        Metrics metrics({}, {});
        metrics.makeRecorder().record(test::refusedCall());
        const QByteArray text = metrics.text();
        QCOMPARE(countSamples(text, "deltallm_llm_api_latency_seconds_count"), 0);
        QCOMPARE(countSamples(text, "deltallm_time_to_first_token_seconds_count"), 0);
        QCOMPARE(countSamples(text, "deltallm_request_total_latency_seconds_count"), 1);
    }

    void countsTrouble_data()
    {
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<UsageSource>("source");
        QTest::addColumn<bool>("isPriced");
        QTest::addColumn<QByteArray>("expected"); // failures, upstream errors, unpriced, estimated
        QTest::newRow("good") << Outcome::Succeeded << UsageSource::Reported << true
                              << QByteArray("0 0 0 0");
        QTest::newRow("rejected") << Outcome::Rejected << UsageSource::None << true
                                  << QByteArray("1 0 0 0");
        QTest::newRow("failed") << Outcome::Failed << UsageSource::Reported << true
                                << QByteArray("1 1 0 0");
        QTest::newRow("client closed")
            << Outcome::ClientClosed << UsageSource::Estimated << true << QByteArray("1 0 0 1");
        QTest::newRow("recovered")
            << Outcome::Recovered << UsageSource::Recovered << true << QByteArray("1 0 0 1");
        QTest::newRow("unpriced") << Outcome::Succeeded << UsageSource::Reported << false
                                  << QByteArray("0 0 1 0");
    }

    void countsTrouble()
    {
        QFETCH(Outcome, outcome);
        QFETCH(UsageSource, source);
        QFETCH(bool, isPriced);
        QFETCH(QByteArray, expected);
        Metrics metrics({}, {});
        SpendEntry entry = test::goodCall();
        entry.outcome = outcome;
        entry.usageSource = source;
        entry.isPriced = isPriced;
        metrics.makeRecorder().record(entry);
        const QByteArray text = metrics.text();
        QByteArrayList counts;
        for (const char *name :
             {"deltallm_request_failures_total", "deltallm_upstream_errors_total",
              "deltallm_unpriced_calls_total", "deltallm_estimated_usage_total"}) {
            counts.append(QByteArray::number(countSamples(text, name)));
        }
        QCOMPARE(counts.join(' '), expected);
    }

    void countsWhatExceedsTheCapUnderOther()
    {
        Metrics metrics({.version = "1", .labelSets = 3}, {});
        CallRecorder &a = metrics.makeRecorder();
        CallRecorder &b = metrics.makeRecorder();
        for (int index = 0; index < 10; ++index) {
            SpendEntry entry = test::goodCall();
            entry.keyId = QByteArray::number(index);
            (index % 2 == 0 ? a : b).record(entry);
        }
        const QByteArray text = metrics.text();
        QCOMPARE(countSamples(text, "deltallm_requests_total"), 4); // Over both threads.
        QCOMPARE(sampleOf(text,
                          "deltallm_input_tokens_total{model=\"other\",api_provider=\"other\",api_"
                          "key=\"other\","
                          "user=\"other\",team=\"other\"}"),
                 "700");
        QCOMPARE(countSamples(text, "deltallm_unpriced_calls_total"), 0);
        // Seven keys in four metrics.
        QCOMPARE(sampleOf(text, "deltallm_metric_label_sets_dropped_total"), "28");
    }

    void forgetsNothingWhenCallersAreMany()
    {
        Metrics metrics({.version = "1", .labelSets = 10}, {});
        CallRecorder &recorder = metrics.makeRecorder();
        SpendEntry entry = test::goodCall();
        for (int index = 0; index < 40'000; ++index) {
            entry.keyId = QByteArray::number(index);
            recorder.record(entry);
        }
        QCOMPARE(
            sampleOf(
                metrics.text(),
                "deltallm_time_to_first_token_seconds_count{model=\"fast\",api_provider=\"acme\"}"),
            "40000");
    }

    void followsAKeyToItsNewOwner()
    {
        Metrics metrics({}, {});
        CallRecorder &recorder = metrics.makeRecorder();
        SpendEntry entry = test::goodCall();
        recorder.record(entry);
        entry.teamId = "sales";
        recorder.record(entry);
        QCOMPARE(countSamples(metrics.text(), "deltallm_spend_total"), 2);
    }

    void keepsHostileTextWithinItsLabel_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a forged sample") << QByteArray("x\"} 1\ndeltallm_spend_total{model=\"y");
        QTest::newRow("backslash before the quote") << QByteArray("x\\");
        QTest::newRow("escaped quote") << QByteArray("x\\\"} 1 #");
        QTest::newRow("carriage return") << QByteArray("x\r\ndeltallm_spend_total 5");
        QTest::newRow("comment") << QByteArray("\n# TYPE deltallm_spend_total gauge\n");
        QTest::newRow("not UTF-8") << QByteArray("\xc0\x80\xff\n\"");
        QTest::newRow("long") << QByteArray(100'000, '"');
        QTest::newRow("line separator") << QByteArray("x\xe2\x80\xa8y");
    }

    void keepsHostileTextWithinItsLabel()
    {
        QFETCH(QByteArray, text);
        Metrics metrics({.version = text, .labelSets = 10}, {.configReloads = [&text] {
                            return std::vector<ReloadCount>{{text, text, 1}};
                        }});
        SpendEntry entry = test::goodCall();
        entry.model = entry.provider = entry.keyId = entry.userId = entry.teamId = entry.errorCode =
            text;
        entry.outcome = Outcome::Failed;
        metrics.makeRecorder().record(entry);
        static const QRegularExpression grammar(QStringLiteral(
            R"(^(# (HELP|TYPE) [a-z_]+ [^\n\\]+|[a-z_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? -?[0-9.]+)$)"));
        const QByteArray scrape = metrics.text();
        for (const QByteArray &line : scrape.chopped(1).split('\n')) {
            const QString decoded = QString::fromUtf8(line);
            QVERIFY2(grammar.match(decoded).hasMatch(), line.constData());
            QVERIFY(!decoded.contains(QChar(QChar::ReplacementCharacter)) || text.contains('\xff'));
        }
        QCOMPARE(countSamples(scrape, "deltallm_spend_total"), 1);
    }

    void leavesOutWhatHasNoSource()
    {
        const QByteArray text = Metrics({.version = "1.2"}, {}).text();
        QVERIFY(!text.contains("deltallm_connections"));
        QVERIFY(!text.contains("process_"));
        QCOMPARE(sampleOf(text, "deltallm_build_info{version=\"1.2\"}"), "1");
    }

    void canBeReadWhileThreadsCount()
    {
        constexpr int calls = 20'000;
        Metrics metrics({}, {});
        const auto count = [&metrics] {
            CallRecorder &recorder = metrics.makeRecorder();
            SpendEntry entry = test::goodCall();
            for (int index = 0; index < calls; ++index) {
                entry.keyId = QByteArray::number(index % 50);
                recorder.record(entry);
            }
        };
        const QByteArray name =
            "deltallm_time_to_first_token_seconds_count{model=\"fast\",api_provider=\"acme\"}";
        qint64 last = 0;
        {
            const std::jthread a(count);
            const std::jthread b(count);
            for (int scrape = 0; scrape < 20; ++scrape) {
                const qint64 now = sampleOf(metrics.text(), name).toLongLong();
                QVERIFY(now >= last);
                last = now;
            }
        }
        QCOMPARE(sampleOf(metrics.text(), name).toLongLong(), 2 * calls);
    }
};

QTEST_GUILESS_MAIN(MetricsTest)
#include "tst_metrics.moc"
