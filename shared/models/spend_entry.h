#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/tags.h"
#include "shared/models/usage.h"

#include <QByteArray>

#include <array>
#include <chrono>
#include <tuple>

namespace delta {

/// How a call ended. One value per call, always.
enum class Outcome {
    Succeeded,    ///< The client got the whole answer.
    Rejected,     ///< The gateway refused before any provider was called.
    Failed,       ///< The provider failed, before or within the answer.
    ClientClosed, ///< The client left before the end.
    Recovered,    ///< The gateway died during the call; settled at the next start.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(Outcome)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{Outcome::Succeeded, "succeeded"_L1},
        EnumName{Outcome::Rejected, "rejected"_L1},
        EnumName{Outcome::Failed, "failed"_L1},
        EnumName{Outcome::ClientClosed, "client_closed"_L1},
        EnumName{Outcome::Recovered, "recovered"_L1},
    };
}

/// The one record of one call: what the ledger posts, the metrics count and the access log writes.
/// Text is UTF-8. Holds no prompt, no answer and no credential.
struct SpendEntry {
    QByteArray requestId;       ///< Our id of the call: unique, sent as x-request-id.
    QByteArray clientRequestId; ///< The client's own x-request-id, cleaned; may be empty.
    QByteArray operation;       ///< "chat_completion", "completion", "embedding".
    QByteArray keyId;           ///< VirtualKey::id, "master", or empty if nobody was identified.
    QByteArray userId;
    QByteArray teamId;
    QByteArray organizationId;
    QByteArray tags;         ///< With a line break between each: see addTag().
    QByteArray endUser;      ///< The request's own `user` field; may be empty.
    QByteArray model;        ///< The public model name as asked; empty if the request named none.
    QByteArray deploymentId; ///< Empty: no deployment was chosen.
    QByteArray provider;     ///< Empty: none was called.
    QByteArray upstreamModel;
    WallTime startedAt{};
    /// From request in hand to the end of the answer.
    std::chrono::microseconds latency{};
    /// To the first byte of the answer; negative: none was sent.
    std::chrono::microseconds timeToFirst{-1};
    /// From sending upstream to its end; negative: not called.
    std::chrono::microseconds upstreamLatency{-1};
    Usage usage;
    UsageSource usageSource = UsageSource::None;
    Money cost;
    bool isPriced = true; ///< False: a price was missing, and the cost is not the whole truth.
    bool isStream = false;
    Outcome outcome = Outcome::Rejected;
    int status = 0;       ///< HTTP status that the client was sent, or would have been.
    QByteArray errorCode; ///< The code of the error body; empty if none.

    bool operator==(const SpendEntry &) const = default;

    /// Returns when the answer ended.
    [[nodiscard]] WallTime endedAt() const
    {
        return std::chrono::floor<std::chrono::milliseconds>(startedAt + latency);
    }

    /// Describes the struct, with the names of a LiteLLM spend log where that has the field;
    /// `api_key` is the key's id.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QByteArray>;
        return std::tuple{
            field("request_id"_L1, &SpendEntry::requestId),
            field<Text>("client_request_id"_L1, &SpendEntry::clientRequestId),
            field("call_type"_L1, &SpendEntry::operation),
            field<Text>("api_key"_L1, &SpendEntry::keyId),
            field<Text>("user"_L1, &SpendEntry::userId),
            field<Text>("team_id"_L1, &SpendEntry::teamId),
            field<Text>("organization_id"_L1, &SpendEntry::organizationId),
            computed("request_tags"_L1,
                     [](const SpendEntry &entry) {
                         return QString::fromUtf8(entry.tags).split(u'\n', Qt::SkipEmptyParts);
                     }),
            field<Text>("end_user"_L1, &SpendEntry::endUser),
            field("model"_L1, &SpendEntry::model),
            field<Text>("deployment_id"_L1, &SpendEntry::deploymentId),
            field<Text>("provider"_L1, &SpendEntry::provider),
            field<Text>("deployment_model"_L1, &SpendEntry::upstreamModel),
            field("startTime"_L1, &SpendEntry::startedAt),
            computed("endTime"_L1, [](const SpendEntry &entry) { return entry.endedAt(); }),
            field("latency_ms"_L1, &SpendEntry::latency),
            field("time_to_first_ms"_L1, &SpendEntry::timeToFirst),
            field("upstream_latency_ms"_L1, &SpendEntry::upstreamLatency),
            inlined(&SpendEntry::usage),
            field("usage_source"_L1, &SpendEntry::usageSource),
            field("spend"_L1, &SpendEntry::cost),
            field("is_priced"_L1, &SpendEntry::isPriced),
            field("stream"_L1, &SpendEntry::isStream),
            field("outcome"_L1, &SpendEntry::outcome),
            computed("status"_L1,
                     [](const SpendEntry &entry) {
                         return entry.outcome == Outcome::Succeeded ? u"success"_s : u"failure"_s;
                     }),
            field("http_status_code"_L1, &SpendEntry::status),
            field<Text>("error_code"_L1, &SpendEntry::errorCode),
        };
    }
};

} // namespace delta
