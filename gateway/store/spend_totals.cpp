#include "gateway/store/spend_totals.h"

#include "gateway/store/usage_sum.h"

namespace delta::store {

SpendTotals &SpendTotals::operator+=(const SpendTotals &other)
{
    requests += other.requests;
    addUsage(usage, other.usage);
    latency += other.latency;
    unreportedRequests += other.unreportedRequests;
    unpricedRequests += other.unpricedRequests;
    spend += other.spend;
    failedRequests += other.failedRequests;
    return *this;
}

void SpendTotals::add(const SpendEntry &entry)
{
    ++requests;
    addUsage(usage, entry.usage);
    latency += entry.latency;
    unreportedRequests += entry.usageSource == UsageSource::Reported ? 0 : 1;
    unpricedRequests += entry.isPriced ? 0 : 1;
    spend += entry.cost;
    failedRequests += entry.status >= 400 || entry.outcome == Outcome::Failed ? 1 : 0;
}

} // namespace delta::store
