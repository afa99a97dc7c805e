// labels: unit money fault
#include "tests/gateway/pipeline/pipeline_exits.h"
#include "tests/support/loop_main.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::test::exits;
using test::PipelineRig;
using test::ReplyRecord;

class CompletionPipelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAndSettlesOnceOnEveryExit_data();
    void answersAndSettlesOnceOnEveryExit();
    void refusesAnUnpricedModelUnlessItIsAllowed();
    void flagsACallWhoseOutputHasNoPrice();
    void hidesTheUsageThatTheClientDidNotAskFor();
    void showsTheUsageThatTheClientAskedFor();
    void sendsUpstreamWhatTheClientSent();
    void holdsTheProviderBackWhileTheClientReadsSlowly();
    void endsAStreamThatDrips_data();
    void endsAStreamThatDrips();
    void cancelsTheProviderWhenTheClientLeaves();
    void answersFromTheBuiltInModel();
    void refusesWhatTheBuiltInModelDoesNotGive();
};

void CompletionPipelineTest::answersAndSettlesOnceOnEveryExit_data()
{
    QTest::addColumn<std::size_t>("index");
    const std::vector<Exit> exits = allExits();
    for (std::size_t index = 0; index < exits.size(); ++index) {
        QTest::newRow(exits[index].name) << index;
    }
}

void CompletionPipelineTest::answersAndSettlesOnceOnEveryExit()
{
    QFETCH(std::size_t, index);
    const Exit expected = allExits()[index];
    PipelineRig rig({test::playedEndpoint(u"m"_s)}, expected.ledger);
    const ReplyRecord &reply = expected.play(rig);
    QCOMPARE(reply.ends, 1);
    QCOMPARE(reply.heads, expected.status == 0 ? 0 : 1);
    QCOMPARE(reply.status, expected.status);
    QVERIFY2(reply.body.contains(expected.says), reply.body.constData());
    QCOMPARE(rig.inFlight.load(), 0);
    QVERIFY(!rig.upstream.sink);
    const std::vector<SpendEntry> posted = rig.posted();
    QCOMPARE(rig.ledger->status().openCalls, 0);
    QCOMPARE(rig.ledger->status().abandonedCalls, 0U);
    QCOMPARE(static_cast<int>(posted.size()), expected.posted);
    if (!posted.empty()) {
        QCOMPARE(posted.front().outcome, expected.outcome);
        QCOMPARE(posted.front().usageSource, expected.source);
        QCOMPARE(posted.front().cost.nanos(), expected.nanos);
        QCOMPARE(posted.front().keyId, "master");
        QCOMPARE(posted.front().deploymentId, "m-0");
    }
}

void CompletionPipelineTest::refusesAnUnpricedModelUnlessItIsAllowed()
{
    ports::Endpoint refused = test::playedEndpoint(u"refused"_s);
    refused.deployment.pricing = {};
    ports::Endpoint allowed = test::playedEndpoint(u"allowed"_s);
    allowed.deployment.pricing = {};
    allowed.unpriced = ports::UnpricedPolicy::Allow;
    PipelineRig rig({refused, allowed});
    const ReplyRecord &no = rig.call(R"({"model":"refused","messages":[{}]})");
    QCOMPARE(no.status, 400);
    QVERIFY(no.body.contains("unpriced_model"));
    QCOMPARE(rig.upstream.sent, 0);
    rig.call(R"({"model":"allowed","messages":[{}]})");
    rig.upstream.head(200, "application/json");
    rig.upstream.body(answer);
    rig.upstream.end();
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 1U);
    QVERIFY(!posted.front().isPriced);
    QCOMPARE(posted.front().cost, Money());
}

void CompletionPipelineTest::flagsACallWhoseOutputHasNoPrice()
{
    ports::Endpoint endpoint = test::playedEndpoint(u"m"_s);
    endpoint.deployment.pricing.base.output.reset();
    PipelineRig rig({endpoint});
    answered(rig, question, 200, "application/json", {answer});
    rig.upstream.end();
    rig.call(R"({"model":"m","input":"12345678"})", PipelineRig::masterKey,
             openai::Operation::Embedding);
    rig.upstream.head(200, "application/json");
    rig.upstream.body(R"({"data":[],"usage":{"prompt_tokens":10,"total_tokens":10}})");
    rig.upstream.end();
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 2U);
    QVERIFY(!posted[0].isPriced);
    QCOMPARE(posted[0].cost.nanos(), 10'000);
    QVERIFY(posted[1].isPriced);
}

void CompletionPipelineTest::hidesTheUsageThatTheClientDidNotAskFor()
{
    PipelineRig rig;
    const QList<QByteArray> pieces{word + lastWord + usage + done};
    const ReplyRecord *reply = &answered(rig, streamed, 200, "text/event-stream", pieces);
    rig.upstream.end();
    QByteArray expected = word + lastWord + done;
    expected.replace(",\"usage\":null", "");
    QCOMPARE(reply->body, expected);
}

void CompletionPipelineTest::showsTheUsageThatTheClientAskedFor()
{
    PipelineRig rig;
    const QByteArray asking =
        R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{}]})";
    const QList<QByteArray> pieces{word + lastWord + usage + done};
    const ReplyRecord *reply = &answered(rig, asking, 200, "text/event-stream", pieces);
    rig.upstream.end();
    QCOMPARE(reply->body, word + lastWord + usage + done);
}

void CompletionPipelineTest::sendsUpstreamWhatTheClientSent()
{
    PipelineRig rig;
    rig.call(streamed);
    QCOMPARE(rig.upstream.request.path, "/v1/chat/completions");
    QCOMPARE(rig.upstream.request.origin.host, "played.test");
    const ports::HeaderList &fields = rig.upstream.request.fields;
    QVERIFY(std::ranges::find(fields, std::pair("authorization"_ba, "Bearer sk-provider"_ba))
            != fields.end());
    QByteArray expected = streamed;
    expected.replace("\"model\":\"m\"", "\"model\":\"up\"");
    expected.chop(1);
    QCOMPARE(rig.upstream.sentBody(), expected + R"(,"stream_options":{"include_usage":true}})");
    rig.upstream.fail(ports::UpstreamFault::Closed);
}

void CompletionPipelineTest::holdsTheProviderBackWhileTheClientReadsSlowly()
{
    PipelineRig rig;
    ReplyRecord &reply = rig.call(streamed);
    reply.isWritable = false;
    rig.upstream.head(200, "text/event-stream");
    for (int piece = 0; piece < 2000 && rig.upstream.paused == 0; ++piece) {
        rig.upstream.body(word);
    }
    QCOMPARE(rig.upstream.paused, 1);
    QCOMPARE(reply.body.count("hello"), 1);
    reply.drain();
    QCOMPARE(rig.upstream.resumed, 1);
    rig.upstream.body(lastWord + usage + done);
    rig.upstream.end();
    QCOMPARE(reply.ends, 1);
    QCOMPARE(rig.posted().size(), 1U);
}

void CompletionPipelineTest::endsAStreamThatDrips_data()
{
    QTest::addColumn<int>("providerStatus");
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<qint64>("nanos");
    QTest::newRow("before an event") << 200 << "data: {"_ba << 504 << "upstream_timeout"_ba << 0LL;
    QTest::newRow("within an answer")
        << 200 << word + "data: {" << 200 << "upstream_timeout"_ba << 7'000LL;
    QTest::newRow("within a comment")
        << 200 << word + ": slow" << 200 << "upstream_timeout"_ba << 7'000LL;
    QTest::newRow("within an error") << 500 << "{"_ba << 502 << "upstream_failed"_ba << 0LL;
}

void CompletionPipelineTest::endsAStreamThatDrips()
{
    QFETCH(int, providerStatus);
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, code);
    ports::Endpoint endpoint = test::playedEndpoint(u"m"_s);
    endpoint.streamTimeouts.idle = std::chrono::milliseconds(100);
    PipelineRig rig({endpoint});
    const ReplyRecord &reply = rig.call(streamed);
    rig.upstream.head(providerStatus, "text/event-stream");
    rig.upstream.body(begin);
    QTimer drip;
    connect(&drip, &QTimer::timeout, this, [&rig] { rig.upstream.body("x"); });
    drip.start(std::chrono::milliseconds(5));
    QVERIFY(test::turnLoopUntil([&reply] { return reply.ends == 1; }));
    QTEST(reply.status, "status");
    QVERIFY2(reply.body.contains(code), reply.body.constData());
    QVERIFY(!rig.upstream.sink);
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 1U);
    QCOMPARE(posted.front().outcome, Outcome::Failed);
    QFETCH(qint64, nanos);
    QCOMPARE(posted.front().cost.nanos(), nanos);
}

void CompletionPipelineTest::cancelsTheProviderWhenTheClientLeaves()
{
    PipelineRig rig;
    ReplyRecord &reply = rig.call(question);
    QVERIFY(rig.upstream.sink);
    reply.leave();
    QVERIFY(!rig.upstream.sink); // The exchange is gone within the same call.
    QVERIFY(reply.isAborted);
}

void CompletionPipelineTest::answersFromTheBuiltInModel()
{
    ports::Endpoint demo;
    demo.deployment.id = u"demo-0"_s;
    demo.deployment.modelName = u"demo"_s;
    demo.deployment.upstreamModel = u"demo"_s;
    demo.deployment.provider = u"echo"_s;
    PipelineRig rig({demo});
    const ReplyRecord &whole = rig.call(
        R"({"model":"demo","messages":[{"role":"user","content":"one two  three"}]})");
    QVERIFY(whole.body.contains(R"("content":"one two  three")"));
    const ReplyRecord &stream = rig.call(
        R"({"model":"demo","stream":true,"messages":[{"role":"user","content":"one two"}]})");
    QCOMPARE(stream.body.count("data: "), 4);
    QVERIFY(stream.body.endsWith("data: [DONE]\n\n"));
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 2U);
    QCOMPARE(posted.front().usage.inputTokens, 3);
    QCOMPARE(posted.front().usage.outputTokens, 3);
    QVERIFY(posted.front().cost > Money());
}

void CompletionPipelineTest::refusesWhatTheBuiltInModelDoesNotGive()
{
    ports::Endpoint demo = test::playedEndpoint(u"demo"_s);
    demo.deployment.provider = u"echo"_s;
    PipelineRig rig({demo});
    const ReplyRecord &reply = rig.call(
        R"({"model":"demo","n":1000,"messages":[{"role":"user","content":"one two"}]})");
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.ends, 1);
    QVERIFY(reply.body.contains(R"("param":"n")"));
    const auto posted = rig.posted();
    QCOMPARE(posted.size(), 1U);
    QCOMPARE(posted.front().outcome, Outcome::Failed);
    QCOMPARE(posted.front().cost, Money());
}

DELTA_LOOP_TEST_MAIN(CompletionPipelineTest)
#include "tst_completion_pipeline.moc"
