#include "gateway/telemetry/metric_labels.h"
#include "tests/gateway/telemetry/telemetry_fakes.h"

#include <QtTest>

using namespace delta;
using namespace delta::telemetry;

class MetricLabelsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleansValues_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("value");
        const QByteArray emoji = "\xf0\x9f\x98\x80";
        QTest::newRow("plain") << QByteArray("fast") << QByteArray("fast");
        QTest::newRow("empty") << QByteArray() << QByteArray("unknown");
        QTest::newRow("blank") << QByteArray(" \t ") << QByteArray("unknown");
        QTest::newRow("only line breaks") << QByteArray("\r\n") << QByteArray("unknown");
        QTest::newRow("line break within") << QByteArray("a\nb") << QByteArray("a b");
        QTest::newRow("carriage return, NUL, escape")
            << QByteArray("a\rb\0c\x1b[2J", 9) << QByteArray("a b c [2J");
        QTest::newRow("line separator") << QByteArray("a\xe2\x80\xa8"
                                                      "b")
                                        << QByteArray("a b");
        QTest::newRow("quote") << QByteArray("a\"b") << QByteArray("a\\\"b");
        QTest::newRow("backslash") << QByteArray("a\\b") << QByteArray("a\\\\b");
        QTest::newRow("backslash at the end") << QByteArray("a\\") << QByteArray("a\\\\");
        QTest::newRow("128 characters") << QByteArray(128, 'x') << QByteArray(128, 'x');
        QTest::newRow("129 characters") << QByteArray(129, 'x') << QByteArray(128, 'x');
        QTest::newRow("no half characters") << QByteArray(127, 'x') + emoji << QByteArray(127, 'x');
        QTest::newRow("a whole one fits")
            << QByteArray(126, 'x') + emoji << QByteArray(126, 'x') + emoji;
        QTest::newRow("not UTF-8") << QByteArray("a\xff"
                                                 "b")
                                   << QByteArray("a\xef\xbf\xbd"
                                                 "b");
    }

    void cleansValues()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, value);
        QCOMPARE(labelValue(text, "unknown"), value);
    }

    void namesTheCaller()
    {
        QCOMPARE(labelsOf(test::goodCall(), CallMetric::Requests),
                 "model=\"fast\",api_provider=\"acme\",api_key=\"AbCd0123\",user=\"ada\",team="
                 "\"research\","
                 "status_code=\"200\"");
    }

    void hasWordsForWhatIsAbsent()
    {
        QCOMPARE(labelsOf(test::refusedCall(), CallMetric::Requests),
                 "model=\"unknown\",api_provider=\"unknown\",api_key=\"unknown\",user="
                 "\"anonymous\",team=\"default\","
                 "status_code=\"401\"");
    }

    void ignoresModelNamesThatClientsInvent()
    {
        SpendEntry entry = test::goodCall();
        entry.deploymentId.clear();
        QCOMPARE(labelsOf(entry, CallMetric::UnpricedCalls),
                 "model=\"unknown\",api_provider=\"acme\"");
    }

    void fallsBackToTheOutcomeAsErrorType()
    {
        SpendEntry entry = test::refusedCall();
        QVERIFY(labelsOf(entry, CallMetric::Failures).endsWith("error_type=\"invalid_api_key\""));
        entry.errorCode.clear();
        entry.outcome = Outcome::ClientClosed;
        QVERIFY(labelsOf(entry, CallMetric::Failures).endsWith("error_type=\"client_closed\""));
    }

    void describesEveryMetricConsistently()
    {
        for (std::size_t index = 0; index < callMetricCount; ++index) {
            const MetricSpec &spec = specOf(static_cast<CallMetric>(index));
            QVERIFY(spec.name.startsWith("deltallm_"));
            QVERIFY(!spec.help.isEmpty() && !spec.help.contains('\n') && !spec.help.contains('\\'));
            QVERIFY(spec.labels.size() >= 2);
            QCOMPARE(spec.kind == MetricKind::Counter, spec.name.endsWith("_total"));
            QCOMPARE(spec.kind == MetricKind::Histogram, spec.name.endsWith("_seconds"));
        }
    }
};

QTEST_GUILESS_MAIN(MetricLabelsTest)
#include "tst_metric_labels.moc"
