#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/usage.h"

#include <QByteArray>

#include <chrono>

namespace delta {

/// How a call ended. One value per call, always.
enum class Outcome {
    Succeeded,    ///< The client got the whole answer.
    Rejected,     ///< The gateway refused before any provider was called.
    Failed,       ///< The provider failed, before or within the answer.
    ClientClosed, ///< The client left before the end.
    Recovered,    ///< The gateway died during the call; settled at the next start.
};

/// The one record of one call: what the ledger posts, the metrics count and the access log writes.
/// Text is UTF-8. Holds no prompt, no answer and no credential.
struct SpendEntry {
    QByteArray requestId;       ///< Our id of the call: unique, sent as x-request-id.
    QByteArray clientRequestId; ///< The client's own x-request-id, cleaned; may be empty.
    QByteArray operation;       ///< "chat_completion", "completion", "embedding".
    QByteArray keyId;           ///< VirtualKey::id, "master", or empty if nobody was identified.
    QByteArray userId;
    QByteArray teamId;
    QByteArray endUser;         ///< The request's own `user` field; may be empty.
    QByteArray model;           ///< The public model name as asked; empty if the request named none.
    QByteArray deploymentId;    ///< Empty: no deployment was chosen.
    QByteArray provider;        ///< Empty: none was called.
    QByteArray upstreamModel;
    WallTime startedAt{};
    std::chrono::microseconds latency{};       ///< From request in hand to the end of the answer.
    std::chrono::microseconds timeToFirst{-1}; ///< To the first byte of the answer; negative: none was sent.
    std::chrono::microseconds upstreamLatency{-1}; ///< From sending upstream to its end; negative: not called.
    Usage usage;
    UsageSource usageSource = UsageSource::None;
    Money cost;
    bool isPriced = true; ///< False: the model has no price and the cost of zero is not the truth.
    bool isStream = false;
    Outcome outcome = Outcome::Rejected;
    int status = 0;       ///< HTTP status that the client was sent, or would have been.
    QByteArray errorCode; ///< The code of the error body; empty if none.
};

} // namespace delta
