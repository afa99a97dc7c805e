#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QtTypes>

#include <optional>
#include <tuple>

namespace delta {

/// How often somebody may call, and how much at once. Absent: no limit. Zero: no call.
struct RateLimits {
    std::optional<qint64> requestsPerMinute;
    std::optional<qint64> requestsPerHour;
    std::optional<qint64> requestsPerDay;
    std::optional<qint64> tokensPerMinute; ///< Of input and output together; so the next two.
    std::optional<qint64> tokensPerHour;
    std::optional<qint64> tokensPerDay;
    std::optional<qint64> parallelRequests; ///< Calls under way at the same time.

    bool operator==(const RateLimits &) const = default;

    /// Checks what a client may set: that nothing is negative. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    /// Describes the struct under the names that LiteLLM and the original give its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("rpm_limit"_L1, &RateLimits::requestsPerMinute),
            field("rph_limit"_L1, &RateLimits::requestsPerHour),
            field("rpd_limit"_L1, &RateLimits::requestsPerDay),
            field("tpm_limit"_L1, &RateLimits::tokensPerMinute),
            field("tph_limit"_L1, &RateLimits::tokensPerHour),
            field("tpd_limit"_L1, &RateLimits::tokensPerDay),
            field("max_parallel_requests"_L1, &RateLimits::parallelRequests),
        };
    }
};

} // namespace delta
