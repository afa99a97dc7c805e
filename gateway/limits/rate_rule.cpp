#include "gateway/limits/rate_rule.h"

#include <array>
#include <utility>

namespace delta::limits {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

QString periodText(milliseconds period)
{
    if (period == 1min) {
        return u" per minute"_s;
    }
    return period == 1h ? u" per hour"_s : u" per day"_s;
}

} // namespace

void addRules(const RateLimits &limits, const QByteArray &counter, std::vector<RateRule> &rules)
{
    const auto add = [&](const std::optional<qint64> &limit, RateUnit unit, milliseconds period) {
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

QString limitText(const RateRule &rule)
{
    static constexpr std::array units{"requests"_L1, "tokens"_L1, "requests at once"_L1};
    const QString text = QString::number(rule.limit) + u' '
        + units.at(static_cast<std::size_t>(std::to_underlying(rule.unit)));
    return rule.unit == RateUnit::Parallel ? text : text + periodText(rule.period);
}

} // namespace delta::limits
