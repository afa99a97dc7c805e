#include "shared/json/json_codec.h"
#include "shared/models/spend_entry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace delta {

namespace {

SpendEntry sample()
{
    SpendEntry entry;
    entry.requestId = "req_1";
    entry.operation = "chat_completion";
    entry.keyId = "Ab3dEf9h";
    entry.model = "chat";
    entry.provider = "echo";
    entry.upstreamModel = "demo";
    entry.deploymentId = "chat-0";
    entry.startedAt = WallTime(1795441140000ms);
    entry.latency = 1'234'567us;
    entry.timeToFirst = 200'000us;
    entry.usage = {
        .inputTokens = 100, .outputTokens = 20, .cacheReadTokens = 64, .reasoningTokens = 5};
    entry.usageSource = UsageSource::Reported;
    entry.cost = Money::fromNanos(140'000);
    entry.outcome = Outcome::Succeeded;
    entry.status = 200;
    return entry;
}

} // namespace

class SpendEntryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheNamesOfASpendLog();
    void readsBackWhatItWrote();
    void writesWhatThereWasNotAsNull();
    void saysFailureForAllButSuccess_data();
    void saysFailureForAllButSuccess();
    void addsTokensWithoutWrapping();
};

void SpendEntryTest::writesTheNamesOfASpendLog()
{
    const QJsonObject json = toJson(sample());
    QCOMPARE(json["request_id"_L1], u"req_1"_s);
    QCOMPARE(json["call_type"_L1], u"chat_completion"_s);
    QCOMPARE(json["api_key"_L1], u"Ab3dEf9h"_s);
    QCOMPARE(json["spend"_L1], 0.00014);
    QCOMPARE(json["total_tokens"_L1], 120);
    QCOMPARE(json["prompt_tokens"_L1], 100);
    QCOMPARE(json["completion_tokens"_L1], 20);
    QCOMPARE(json["cache_read_input_tokens"_L1], 64);
    QCOMPARE(json["startTime"_L1], u"2026-11-23T13:39:00.000Z"_s);
    QCOMPARE(json["endTime"_L1], u"2026-11-23T13:39:01.234Z"_s);
    QCOMPARE(json["latency_ms"_L1], 1234.567);
    QCOMPARE(json["outcome"_L1], u"succeeded"_s);
    QCOMPARE(json["status"_L1], u"success"_s);
    QCOMPARE(json["http_status_code"_L1], 200);
    QCOMPARE(json["usage_source"_L1], u"reported"_s);
}

void SpendEntryTest::readsBackWhatItWrote()
{
    const Result<SpendEntry> back = fromJson<SpendEntry>(toJson(sample()));
    QVERIFY2(back, back ? "" : qPrintable(back.error().message));
    QVERIFY(*back == sample());
}

void SpendEntryTest::writesWhatThereWasNotAsNull()
{
    const QJsonObject json = toJson(SpendEntry());
    for (const QLatin1StringView name :
         {"api_key"_L1, "user"_L1, "team_id"_L1, "deployment_id"_L1, "time_to_first_ms"_L1,
          "upstream_latency_ms"_L1, "error_code"_L1}) {
        QVERIFY2(json.contains(name) && json[name].isNull(), name.constData());
    }
}

void SpendEntryTest::saysFailureForAllButSuccess_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("status");
    QTest::newRow("succeeded") << Outcome::Succeeded << u"success"_s;
    QTest::newRow("rejected") << Outcome::Rejected << u"failure"_s;
    QTest::newRow("failed") << Outcome::Failed << u"failure"_s;
    QTest::newRow("client_closed") << Outcome::ClientClosed << u"failure"_s;
    QTest::newRow("recovered") << Outcome::Recovered << u"failure"_s;
}

void SpendEntryTest::saysFailureForAllButSuccess()
{
    SpendEntry entry;
    QFETCH(Outcome, outcome);
    entry.outcome = outcome;
    QTEST(toJson(entry)["status"_L1].toString(), "status");
    QCOMPARE(toJson(entry)["outcome"_L1].toString(), QString::fromLatin1(QTest::currentDataTag()));
}

void SpendEntryTest::addsTokensWithoutWrapping()
{
    constexpr qint64 highest = std::numeric_limits<qint64>::max();
    QCOMPARE((Usage{.inputTokens = highest, .outputTokens = 1}.totalTokens()), highest);
    QCOMPARE((Usage{.inputTokens = 2, .outputTokens = 3}.totalTokens()), 5);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::SpendEntryTest)
#include "tst_spend_entry.moc"
