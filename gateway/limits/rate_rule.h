#pragma once

#include "shared/models/rate_limits.h"

#include <QByteArray>
#include <QString>
#include <QtTypes>

#include <chrono>
#include <optional>
#include <vector>

namespace delta::limits {

/// What a rate limit counts.
enum class RateUnit {
    Requests, ///< Calls that were let through.
    Tokens,   ///< Their input and output together.
    Parallel, ///< Calls under way at once.
};

/// One limit as it holds for one call. Calls whose rules name the same counter, unit and period are
/// counted together; the limit itself may be another with each call, so a change holds at once.
struct RateRule {
    QByteArray counter; ///< Whose calls, e.g. "key kd8f3": also the words of a refusal.
    RateUnit unit = RateUnit::Requests;
    std::chrono::milliseconds period{}; ///< Zero for Parallel.
    qint64 limit = 0;                   ///< Zero lets nothing through.
};

/// Adds a rule for each of the limits that is set, all of them of that counter.
void addRules(const RateLimits &limits, const QByteArray &counter, std::vector<RateRule> &rules);

/// Says what a rule lets through: "60 requests per minute", "4 requests at once".
[[nodiscard]] QString limitText(const RateRule &rule);

/// How a limit stands.
struct RateState {
    RateRule rule;
    qint64 used = 0;
    std::chrono::milliseconds resetsIn{}; ///< Until nothing of it is used, if nobody calls.

    [[nodiscard]] qint64 remaining() const
    {
        return used < rule.limit ? rule.limit - used : 0;
    }
};

/// Why a call was not let through.
struct RateRefusal {
    RateRule rule;
    qint64 used = 0;   ///< Of the limit, by now.
    qint64 wanted = 0; ///< By the call.
    /// Until there is room; absent if there never is, for the call alone exceeds the limit.
    std::optional<std::chrono::milliseconds> retryAfter;
    std::vector<RateState> states; ///< How all rules of the call stand, in their order.
};

} // namespace delta::limits
