// labels: unit money fault
#include "tests/gateway/pipeline/pipeline_rig.h"
#include "tests/support/loop_main.h"
#include "tests/support/turn_loop.h"

#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace delta;
using test::PipelineRig;
using test::ReplyRecord;

namespace {

const QByteArray question = R"({"model":"m","messages":[{"role":"user","content":"12345678"}]})";
const QByteArray streamed =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"12345678"}]})";
const QByteArray answer = R"({"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}],)"
                          R"("usage":{"prompt_tokens":10,"completion_tokens":5}})";
const QByteArray word = R"(data: {"choices":[{"delta":{"content":"hello there"}}],"usage":null})"
                        "\n\n";
const QByteArray lastWord =
    R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null})"
    "\n\n";
const QByteArray usage =
    R"(data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}})"
    "\n\n";
const QByteArray done = "data: [DONE]\n\n";

/// One way through the pipeline: what is played, and what must have come of it.
struct Exit {
    const char *name;
    std::function<ReplyRecord &(PipelineRig &)> play;
    int status;      ///< Of the head that the client got; zero: none.
    QByteArray says; ///< Part of what the client was sent.
    int posted = 0;  ///< Entries in the ledger: one if a provider was asked, else none.
    Outcome outcome = Outcome::Rejected;
    UsageSource source = UsageSource::None;
    qint64 nanos = 0; ///< The charge.
    ledger::LedgerSettings ledger{};
};

/// A journal that is full from the start.
ledger::LedgerSettings fullJournal()
{
    ledger::LedgerSettings settings;
    settings.maxBacklogBytes = 0;
    return settings;
}

ledger::LedgerSettings strictJournal()
{
    ledger::LedgerSettings settings;
    settings.durability = ledger::Durability::Strict;
    return settings;
}

ReplyRecord &answered(PipelineRig &rig, QByteArray body, int status, QByteArray type,
                      QList<QByteArray> pieces)
{
    ReplyRecord &reply = rig.call(body);
    rig.upstream.head(status, type);
    for (const QByteArray &piece : pieces) {
        rig.upstream.body(piece);
    }
    return reply;
}

VirtualKey keyFor(const QStringList &models)
{
    VirtualKey key;
    key.models = models;
    return key;
}

/// The exits that no provider hears of.
std::vector<Exit> rejections()
{
    return {
        {"no key", [](PipelineRig &rig) -> ReplyRecord & { return rig.call(question, ""); }, 401,
         "invalid_api_key"},
        {"unknown key",
         [](PipelineRig &rig) -> ReplyRecord & {
             return rig.call(question, "sk-not-a-key-we-ever-made");
         },
         401, "invalid_api_key"},
        {"expired key",
         [](PipelineRig &rig) -> ReplyRecord & {
             VirtualKey key;
             key.expiresAt = rig.clock.wall() - std::chrono::hours(1);
             return rig.call(question, rig.addKey(key));
         },
         401, "expired"},
        {"blocked key",
         [](PipelineRig &rig) -> ReplyRecord & {
             VirtualKey key;
             key.blocked = true;
             return rig.call(question, rig.addKey(key));
         },
         401, "blocked"},
        {"malformed body", [](PipelineRig &rig) -> ReplyRecord & { return rig.call("{"); }, 400,
         "at byte"},
        {"model not allowed",
         [](PipelineRig &rig) -> ReplyRecord & {
             return rig.call(question, rig.addKey(keyFor({u"other"_s})));
         },
         403, "model_not_allowed"},
        {"model unknown",
         [](PipelineRig &rig) -> ReplyRecord & {
             return rig.call(R"({"model":"x","messages":[{}]})");
         },
         404, "model_not_found"},
        {"journal takes nothing",
         [](PipelineRig &rig) -> ReplyRecord & { return rig.call(question); }, 503,
         "store_unavailable", 0, Outcome::Rejected, UsageSource::None, 0, fullJournal()},
    };
}

/// The exits of calls that wait for the disk, before the provider is asked and before they end.
std::vector<Exit> strictExits()
{
    return {
        {"whole answer, strictly",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(question);
             const bool waited = rig.upstream.sent == 0;
             if (!waited || !test::turnLoopUntil([&rig] { return rig.upstream.sink; })) {
                 qFatal("the provider was not asked after the disk");
             }
             rig.upstream.head(200, "application/json");
             rig.upstream.body(answer);
             rig.upstream.end();
             if (reply.ends != 0 || !test::turnLoopUntil([&reply] { return reply.ends == 1; })) {
                 qFatal("the reply did not end after the disk");
             }
             return reply;
         },
         200, answer, 1, Outcome::Succeeded, UsageSource::Reported, 20'000, strictJournal()},
        {"client leaves before the provider is asked",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(question);
             reply.leave();
             if (!test::turnLoopUntil([&reply] { return reply.ends == 1; })) {
                 qFatal("the reply did not end");
             }
             return reply;
         },
         0, "", 1, Outcome::ClientClosed, UsageSource::None, 0, strictJournal()},
    };
}

/// The exits after a provider was asked.
std::vector<Exit> failures()
{
    using enum ports::UpstreamFault;
    const auto failing = [](ports::UpstreamFault fault) {
        return [fault](PipelineRig &rig) -> ReplyRecord & {
            ReplyRecord &reply = rig.call(question);
            rig.upstream.fail(fault);
            return reply;
        };
    };
    const auto refusing = [](int status, const QByteArray &body) {
        return [status, body](PipelineRig &rig) -> ReplyRecord & {
            ReplyRecord &reply = answered(rig, question, status, "application/json", {body});
            rig.upstream.end();
            return reply;
        };
    };
    const QByteArray no = R"({"error":{"message":"No."}})";
    return {
        {"unreachable", failing(Connect), 502, "upstream_unreachable", 1, Outcome::Failed},
        {"no such name", failing(Resolve), 502, "upstream_unreachable", 1, Outcome::Failed},
        {"untrusted", failing(Tls), 502, "upstream_unreachable", 1, Outcome::Failed},
        {"hangs", failing(FirstByteTimeout), 504, "upstream_timeout", 1, Outcome::Failed},
        {"talks nonsense", failing(Protocol), 502, "upstream_invalid_response", 1, Outcome::Failed},
        {"hangs up", failing(Closed), 502, "upstream_truncated", 1, Outcome::Failed},
        {"no connection free", failing(PoolFull), 503, "overloaded", 1, Outcome::Failed},
        {"refuses", refusing(400, no), 400, "No.", 1, Outcome::Failed},
        {"refuses our key", refusing(401, no), 502, "upstream_auth", 1, Outcome::Failed},
        {"is busy", refusing(429, no), 429, "upstream_rate_limited", 1, Outcome::Failed},
        {"breaks", refusing(500, no), 502, "upstream_failed", 1, Outcome::Failed},
        {"error inside a 200", refusing(200, no), 502, "No.", 1, Outcome::Failed},
        {"meets a bug of ours",
         [](PipelineRig &rig) -> ReplyRecord & {
             rig.upstream.isBroken = true;
             return rig.call(question);
         },
         500, "internal_error", 1, Outcome::Failed},
    };
}

/// The exits by what a provider says after a good beginning, before anything reached the client.
std::vector<Exit> badAnswers()
{
    using enum ports::UpstreamFault;
    return {
        {"HTML inside a 200",
         [](PipelineRig &rig) -> ReplyRecord & {
             return answered(rig, question, 200, "text/html", {});
         },
         502, "upstream_invalid_response", 1, Outcome::Failed},
        {"JSON cut short",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, question, 200, "application/json",
                                           {answer.first(20)});
             rig.upstream.fail(Closed);
             return reply;
         },
         502, "upstream_truncated", 1, Outcome::Failed},
        {"stream cut before content",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream", {});
             rig.upstream.fail(Closed);
             return reply;
         },
         502, "upstream_truncated", 1, Outcome::Failed},
        {"stream begins with an error",
         [](PipelineRig &rig) -> ReplyRecord & {
             return answered(rig, streamed, 200, "text/event-stream",
                             {"data: {\"error\":{\"message\":\"No.\"}}\n\n"});
         },
         502, "No.", 1, Outcome::Failed},
    };
}

/// The exits within an answer. Three input tokens are estimated from eight digits, and two from the
/// words that were delivered, at 1 and 2 micro-USD a token.
std::vector<Exit> brokenAnswers()
{
    using enum ports::UpstreamFault;
    return {
        {"stream cut after content",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream", {word});
             rig.upstream.fail(Closed);
             return reply;
         },
         200, "event: error\ndata: {\"error\"", 1, Outcome::Failed, UsageSource::Estimated, 7'000},
        {"stream fails in the middle",
         [](PipelineRig &rig) -> ReplyRecord & {
             return answered(rig, streamed, 200, "text/event-stream",
                             {word, "data: {\"error\":{\"message\":\"No.\"}}\n\n"});
         },
         200, "event: error\ndata: {\"error\":{\"message\":\"No.\"", 1, Outcome::Failed,
         UsageSource::Estimated, 7'000},
        {"stream stalls in the middle",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream", {word});
             rig.upstream.fail(IdleTimeout);
             return reply;
         },
         200, "upstream_timeout", 1, Outcome::Failed, UsageSource::Estimated, 7'000},
        {"stream turns to nonsense",
         [](PipelineRig &rig) -> ReplyRecord & {
             return answered(rig, streamed, 200, "text/event-stream", {word, "data: <html>\n\n"});
         },
         200, "upstream_invalid_response", 1, Outcome::Failed, UsageSource::Estimated, 7'000},
        {"client leaves before the answer",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(question);
             reply.leave();
             return reply;
         },
         0, "", 1, Outcome::ClientClosed, UsageSource::Estimated, 3'000},
        {"client leaves before the question was sent",
         [](PipelineRig &rig) -> ReplyRecord & {
             rig.upstream.isConnected = false;
             ReplyRecord &reply = rig.call(question);
             reply.leave();
             return reply;
         },
         0, "", 1, Outcome::ClientClosed, UsageSource::None},
        {"client leaves within the answer",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream", {word});
             reply.leave();
             return reply;
         },
         200, "hello there", 1, Outcome::ClientClosed, UsageSource::Estimated, 7'000},
        {"client leaves while it reads slowly",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(streamed);
             reply.isWritable = false;
             rig.upstream.head(200, "text/event-stream");
             rig.upstream.body(word);
             reply.leave();
             return reply;
         },
         200, "hello there", 1, Outcome::ClientClosed, UsageSource::Estimated, 7'000},
    };
}

/// The exits with an answer: ten tokens in and five out, or what is estimated.
std::vector<Exit> successes()
{
    using enum ports::UpstreamFault;
    const auto whole = [](const QByteArray &body) {
        return [body](PipelineRig &rig) -> ReplyRecord & {
            ReplyRecord &reply = answered(rig, question, 200, "application/json",
                                          {body.first(9), body.sliced(9)});
            rig.upstream.end();
            return reply;
        };
    };
    const auto stream = [](const QList<QByteArray> &pieces) {
        return [pieces](PipelineRig &rig) -> ReplyRecord & {
            ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream; charset=utf-8",
                                          pieces);
            rig.upstream.end();
            return reply;
        };
    };
    return {
        {"whole answer", whole(answer), 200, answer, 1, Outcome::Succeeded, UsageSource::Reported,
         20'000},
        {"whole answer without usage",
         whole(R"({"choices":[{"message":{"content":"hello there"}}]})"), 200, "hello", 1,
         Outcome::Succeeded, UsageSource::Estimated, 7'000},
        {"whole answer with absurd usage",
         whole(
             R"({"choices":[{"message":{"content":"hello there"}}],"usage":{"prompt_tokens":-5}})"),
         200, "hello", 1, Outcome::Succeeded, UsageSource::Estimated, 7'000},
        {"stream", stream({word, lastWord, usage, done}), 200, "[DONE]", 1, Outcome::Succeeded,
         UsageSource::Reported, 20'000},
        {"stream without end mark", stream({word, lastWord, usage}), 200, "[DONE]", 1,
         Outcome::Succeeded, UsageSource::Reported, 20'000},
        {"stream that hangs after its end mark",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream",
                                           {word, lastWord, usage, done});
             if (reply.ends != 0 || !test::turnLoopUntil([&reply] { return reply.ends == 1; })) {
                 qFatal("nobody lost patience");
             }
             return reply;
         },
         200, "[DONE]", 1, Outcome::Succeeded, UsageSource::Reported, 20'000},
        {"stream whose connection breaks after its end mark",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = answered(rig, streamed, 200, "text/event-stream",
                                           {word, lastWord, usage, done});
             rig.upstream.fail(Protocol);
             return reply;
         },
         200, "[DONE]", 1, Outcome::Succeeded, UsageSource::Reported, 20'000},
        {"stream without usage", stream({word, lastWord, done}), 200, "[DONE]", 1,
         Outcome::Succeeded, UsageSource::Estimated, 7'000},
    };
}

std::vector<Exit> allExits()
{
    std::vector<Exit> exits = rejections();
    for (const auto &more : {failures(), badAnswers(), brokenAnswers(), successes(), strictExits()}) {
        exits.insert(exits.end(), more.begin(), more.end());
    }
    return exits;
}

} // namespace

class CompletionPipelineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAndSettlesOnceOnEveryExit_data();
    void answersAndSettlesOnceOnEveryExit();
    void refusesAnUnpricedModelUnlessItIsAllowed();
    void callsNoModelThatWouldWriteForFreeByMistake();
    void hidesTheUsageThatTheClientDidNotAskFor();
    void showsTheUsageThatTheClientAskedFor();
    void sendsUpstreamWhatTheClientSent();
    void holdsTheProviderBackWhileTheClientReadsSlowly();
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

void CompletionPipelineTest::callsNoModelThatWouldWriteForFreeByMistake()
{
    ports::Endpoint endpoint = test::playedEndpoint(u"m"_s);
    endpoint.deployment.pricing.base.output.reset();
    PipelineRig rig({endpoint});
    QVERIFY(rig.call(question).body.contains("unpriced_model"));
    QCOMPARE(rig.upstream.sent, 0);
    rig.call(R"({"model":"m","input":"12345678"})", PipelineRig::masterKey,
             openai::Operation::Embedding);
    QCOMPARE(rig.upstream.sent, 1);
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
