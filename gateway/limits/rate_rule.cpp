#include "gateway/limits/rate_rule.h"

namespace delta::limits {

using namespace std::chrono_literals;

void addRules(const RateLimits &limits, const QByteArray &counter, std::vector<RateRule> &rules)
{
    const auto add = [&](const std::optional<qint64> &limit, RateUnit unit,
                         std::chrono::milliseconds period) {
        if (limit) {
            rules.push_back({counter, unit, period, *limit});
        }
    };
    add(limits.requestsPerMinute, RateUnit::Requests, 1min);
    add(limits.requestsPerHour, RateUnit::Requests, 1h);
    add(limits.requestsPerDay, RateUnit::Requests, 24h);
    add(limits.tokensPerMinute, RateUnit::Tokens, 1min);
    add(limits.tokensPerHour, RateUnit::Tokens, 1h);
    add(limits.tokensPerDay, RateUnit::Tokens, 24h);
    add(limits.parallelRequests, RateUnit::Parallel, 0ms);
}

} // namespace delta::limits
