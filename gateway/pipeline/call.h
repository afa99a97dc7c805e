#pragma once

#include "gateway/auth/principal.h"
#include "gateway/content/content_draft.h"
#include "gateway/ledger/ledger_hold.h"
#include "gateway/limits/rate_book.h"
#include "gateway/limits/shared_rates.h"
#include "gateway/openai/model_request.h"
#include "gateway/pipeline/answer_stream.h"
#include "gateway/pipeline/reply_relay.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/pipeline/spend_guard.h"
#include "gateway/ports/http_request.h"
#include "shared/core/cancel_token.h"
#include "shared/models/spend_entry.h"

#include <memory>
#include <optional>
#include <utility>

namespace delta::pipeline {

/// One call from its request to its settlement: what the steps of the pipeline read and fill in.
/// Owned by CompletionPipeline::serve(); confined to the loop thread that accepted it.
struct Call {
    Call(openai::Operation asked, ports::HttpRequest received,
         std::unique_ptr<ports::HttpReply> reply, SnapshotPtr taken, SpendGuard guarded,
         const Clock &clock)
        : operation(asked)
        , request(std::move(received))
        , snapshot(std::move(taken))
        , guard(std::move(guarded))
        , relay(std::move(reply), cancel, clock)
    {
    }

    openai::Operation operation;
    std::optional<auth::Principal>
        known;         ///< Who calls, if that is known already; else the request says it.
    QByteArray pinned; ///< Id of the deployment that it is to go to; empty: routing chooses.
    ports::HttpRequest request;
    SnapshotPtr snapshot;
    CancelSource cancel; ///< Cancelled when the client leaves.
    SpendEntry record;   ///< What is known so far; complete when it is settled.
    openai::ModelRequest model;
    routing::EndpointPtr endpoint;          ///< Null until a deployment is chosen.
    limits::RateHold rate;                  ///< Takes back what it counted, unless it is settled.
    limits::SharedRateHold sharedRate;      ///< Likewise, of what several gateways share.
    SpendGuard guard;                       ///< Reserves before there is a hold.
    std::optional<ledger::LedgerHold> hold; ///< Set from the moment before the provider is called.
    std::optional<SteadyTime> askedAt;      ///< When we began to ask the provider.
    bool wasAsked = false;                  ///< Whether the provider may have heard of it.
    AnswerStreamPtr answer;                 ///< Null until there is one.
    qint64 passedTokens = 0;                ///< Output that went to the client.
    qint64 notedTokens = 0;                 ///< Output that the journal was told of.
    bool isCutOff = false;                  ///< Whether its budget stopped the stream.
    std::optional<content::ContentDraft>
        content; ///< What is kept of it; absent: nothing is, as for nearly all calls.
    ReplyRelay relay;
};

} // namespace delta::pipeline
