#include "shared/models/rate_limits.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta {

Result<void> RateLimits::validate() const
{
    const std::array<std::pair<QLatin1StringView, std::optional<qint64>>, 7> limits{{
        {"rpm_limit"_L1, requestsPerMinute},
        {"rph_limit"_L1, requestsPerHour},
        {"rpd_limit"_L1, requestsPerDay},
        {"tpm_limit"_L1, tokensPerMinute},
        {"tph_limit"_L1, tokensPerHour},
        {"tpd_limit"_L1, tokensPerDay},
        {"max_parallel_requests"_L1, parallelRequests},
    }};
    for (const auto &[name, limit] : limits) {
        if (limit && *limit < 0) {
            return failure(ApiError::invalidRequest(
                u"'%1' must not be negative; null means no limit."_s.arg(name), name));
        }
    }
    return {};
}

} // namespace delta
