#pragma once

#include "gateway/ports/rate_limit_store.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

namespace delta::test {

/// A store in memory that keeps rate limits, in the order in which they came.
class FakeRateLimitStore final : public ports::RateLimitStore
{
public:
    [[nodiscard]] Result<std::vector<RateLimit>> loadRateLimits() override
    {
        TRY_VOID(answer());
        return limits;
    }
    [[nodiscard]] Result<std::vector<RateLimit>> loadRateLimitsOf(RateScope scope,
                                                                  const QString &scopeId) override
    {
        TRY_VOID(answer());
        std::vector<RateLimit> found;
        std::ranges::copy_if(limits, std::back_inserter(found), isOf(scope, scopeId));
        return found;
    }
    [[nodiscard]] Result<std::optional<RateLimit>> findRateLimit(
        const RateSubject &subject) override
    {
        TRY_VOID(answer());
        const auto found = find(subject);
        return found == limits.end() ? std::nullopt : std::optional(*found);
    }
    [[nodiscard]] Result<void> putRateLimit(const RateLimit &limit) override
    {
        TRY_VOID(answer());
        ++version;
        if (const auto found = find(limit.subject); found != limits.end()) {
            *found = limit;
        } else {
            limits.push_back(limit);
        }
        return {};
    }
    [[nodiscard]] Result<bool> removeRateLimit(const RateSubject &subject) override
    {
        TRY_VOID(answer());
        return removeIf([&subject](const RateLimit &limit) { return limit.subject == subject; });
    }
    [[nodiscard]] Result<bool> removeRateLimitsOf(RateScope scope, const QString &scopeId) override
    {
        TRY_VOID(answer());
        return removeIf(isOf(scope, scopeId));
    }
    [[nodiscard]] Result<qint64> rateLimitVersion() override
    {
        if (hidesVersion) {
            return failure(ApiError::storeUnavailable(QStringLiteral("busy")));
        }
        return version;
    }

    std::vector<RateLimit> limits;
    qint64 version = 0;
    bool isDown = false;       ///< It takes no limits and gives none.
    bool hidesVersion = false; ///< It takes them, and does not say that they changed.

private:
    [[nodiscard]] Result<void> answer() const
    {
        return isDown ? failure(ApiError::storeUnavailable(QStringLiteral("down")))
                      : Result<void>();
    }
    [[nodiscard]] static std::function<bool(const RateLimit &)> isOf(RateScope scope,
                                                                     const QString &scopeId)
    {
        return [scope, scopeId](const RateLimit &limit) {
            return limit.subject.scope == scope && limit.subject.scopeId == scopeId;
        };
    }
    std::vector<RateLimit>::iterator find(const RateSubject &subject)
    {
        return std::ranges::find_if(
            limits, [&subject](const RateLimit &limit) { return limit.subject == subject; });
    }
    template <typename Predicate>
    bool removeIf(Predicate isGone)
    {
        const auto count = std::erase_if(limits, isGone);
        version += static_cast<qint64>(count);
        return count > 0;
    }
};

} // namespace delta::test
