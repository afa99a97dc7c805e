#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/route_group.h"

#include <QJsonObject>

#include <optional>
#include <tuple>

namespace delta {

/// How calls are routed where a route group does not say. It is what admins keep; what applies it is not part of it.
struct RoutingPolicy {
    RoutingStrategy strategy = RoutingStrategy::SimpleShuffle;
    qint64 numRetries = 0;           ///< Of one deployment, beyond the first attempt.
    qint64 retryAfterMs = 0;         ///< Least wait before another attempt.
    std::optional<qint64> timeoutMs; ///< Of one attempt; absent: the deployment's own.
    qint64 allowedFails = 2;    ///< So many failures within a minute, and one more, cool it down.
    qint64 cooldownMs = 60'000; ///< How long it takes no calls then; zero: it never cools down.
    bool checksLimits = false;  ///< Whether a deployment at its limits is left out.
    QJsonObject fallbacks;      ///< Public names, and which are called in their place, in order.
    QJsonObject contextWindowFallbacks; ///< Likewise, for what is too long for a model.
    QJsonObject contentPolicyFallbacks; ///< Likewise, for what a provider refuses to answer.

    bool operator==(const RoutingPolicy &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("strategy"_L1, &RoutingPolicy::strategy),
            field("num_retries"_L1, &RoutingPolicy::numRetries),
            field("retry_after_ms"_L1, &RoutingPolicy::retryAfterMs),
            field("timeout_ms"_L1, &RoutingPolicy::timeoutMs),
            field("allowed_fails"_L1, &RoutingPolicy::allowedFails),
            field("cooldown_ms"_L1, &RoutingPolicy::cooldownMs),
            field("enable_pre_call_checks"_L1, &RoutingPolicy::checksLimits),
            field("fallbacks"_L1, &RoutingPolicy::fallbacks),
            field("context_window_fallbacks"_L1, &RoutingPolicy::contextWindowFallbacks),
            field("content_policy_fallbacks"_L1, &RoutingPolicy::contentPolicyFallbacks),
        };
    }
};

} // namespace delta
