#pragma once

#include "tests/gateway/pipeline/pipeline_rig.h"
#include "tests/support/turn_loop.h"

#include <functional>

/// Every way through the pipeline: what is played, and what must have come of it.
namespace delta::test::exits {

using namespace Qt::StringLiterals;

inline const QByteArray question =
    R"({"model":"m","messages":[{"role":"user","content":"12345678"}]})";
inline const QByteArray streamed =
    R"({"model":"m","stream":true,"messages":[{"role":"user","content":"12345678"}]})";
inline const QByteArray answer =
    R"({"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":10,"completion_tokens":5}})";
inline const QByteArray word =
    R"(data: {"choices":[{"delta":{"content":"hello there"}}],"usage":null})"
    "\n\n";
inline const QByteArray lastWord =
    R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null})"
    "\n\n";
inline const QByteArray usage =
    R"(data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}})"
    "\n\n";
inline const QByteArray done = "data: [DONE]\n\n";

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
inline ledger::LedgerSettings fullJournal()
{
    ledger::LedgerSettings settings;
    settings.maxBacklogBytes = 0;
    return settings;
}

inline ledger::LedgerSettings strictJournal()
{
    ledger::LedgerSettings settings;
    settings.durability = ledger::Durability::Strict;
    return settings;
}

inline ReplyRecord &answered(PipelineRig &rig, QByteArray body, int status, QByteArray type,
                             QList<QByteArray> pieces)
{
    ReplyRecord &reply = rig.call(body);
    rig.upstream.head(status, type);
    for (const QByteArray &piece : pieces) {
        rig.upstream.body(piece);
    }
    return reply;
}

inline VirtualKey keyFor(const QStringList &models)
{
    VirtualKey key;
    key.models = models;
    return key;
}

/// The exits that no provider hears of.
inline std::vector<Exit> rejections()
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
inline std::vector<Exit> strictExits()
{
    return {
        {"whole answer, strictly",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(question);
             const bool waited = rig.upstream.sent == 0;
             if (!waited || !turnLoopUntil([&rig] { return rig.upstream.sink; })) {
                 qFatal("the provider was not asked after the disk");
             }
             rig.upstream.head(200, "application/json");
             rig.upstream.body(answer);
             rig.upstream.end();
             if (reply.ends != 0 || !turnLoopUntil([&reply] { return reply.ends == 1; })) {
                 qFatal("the reply did not end after the disk");
             }
             return reply;
         },
         200, answer, 1, Outcome::Succeeded, UsageSource::Reported, 20'000, strictJournal()},
        {"client leaves before the provider is asked",
         [](PipelineRig &rig) -> ReplyRecord & {
             ReplyRecord &reply = rig.call(question);
             reply.leave();
             if (!turnLoopUntil([&reply] { return reply.ends == 1; })) {
                 qFatal("the reply did not end");
             }
             return reply;
         },
         0, "", 1, Outcome::ClientClosed, UsageSource::None, 0, strictJournal()},
    };
}

/// The exits after a provider was asked.
inline std::vector<Exit> failures()
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
inline std::vector<Exit> badAnswers()
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
inline std::vector<Exit> brokenAnswers()
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
    };
}

/// The exits of clients that leave: charged is what was delivered by then.
inline std::vector<Exit> departures()
{
    return {
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
inline std::vector<Exit> successes()
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
             if (reply.ends != 0 || !turnLoopUntil([&reply] { return reply.ends == 1; })) {
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

inline std::vector<Exit> allExits()
{
    std::vector<Exit> exits = rejections();
    for (const auto &more :
         {failures(), badAnswers(), brokenAnswers(), departures(), successes(), strictExits()}) {
        exits.insert(exits.end(), more.begin(), more.end());
    }
    return exits;
}

} // namespace delta::test::exits
