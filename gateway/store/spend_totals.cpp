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

} // namespace delta::store
