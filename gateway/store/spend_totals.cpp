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
}

} // namespace delta::store
