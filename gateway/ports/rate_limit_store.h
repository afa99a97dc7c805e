#pragma once

#include "shared/core/result.h"
#include "shared/models/rate_limit.h"

#include <QString>
#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::ports {

/// The part of the store that knows rate limits, but for those that are part of a key. Used from one
/// thread at a time.
class RateLimitStore
{
public:
    virtual ~RateLimitStore() = default;
    /// Returns all rate limits, by scope, id, member and model.
    [[nodiscard]] virtual Result<std::vector<RateLimit>> loadRateLimits() = 0;
    /// Returns those of one object, likewise.
    [[nodiscard]] virtual Result<std::vector<RateLimit>> loadRateLimitsOf(
        RateScope scope, const QString &scopeId) = 0;
    /// Returns the limit with that subject; nothing if there is none.
    [[nodiscard]] virtual Result<std::optional<RateLimit>> findRateLimit(
        const RateSubject &subject) = 0;
    /// Adds a limit, or replaces the one with its subject.
    [[nodiscard]] virtual Result<void> putRateLimit(const RateLimit &limit) = 0;
    /// Removes a limit. Returns whether it was there.
    [[nodiscard]] virtual Result<bool> removeRateLimit(const RateSubject &subject) = 0;
    /// Removes all limits of one object: also those that hold for one model only. Returns whether there
    /// was any.
    [[nodiscard]] virtual Result<bool> removeRateLimitsOf(RateScope scope,
                                                          const QString &scopeId) = 0;
    /// Returns a number that changes whenever any process changes a limit.
    [[nodiscard]] virtual Result<qint64> rateLimitVersion() = 0;
};

} // namespace delta::ports
