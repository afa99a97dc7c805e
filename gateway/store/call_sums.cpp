#include "gateway/store/call_sums.h"

#include "gateway/store/usage_sum.h"

namespace delta::store {

void CallSums::add(const SpendEntry &entry)
{
    ++requests;
    addUsage(usage, entry.usage);
    latency += entry.latency.count();
    unreported += entry.usageSource == UsageSource::Reported ? 0 : 1;
    unpriced += entry.isPriced ? 0 : 1;
    spend += entry.cost;
}

void CallSums::appendTo(std::vector<qint64> &row) const
{
    row.insert(row.end(),
               {requests, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens,
                usage.cacheWriteTokens, usage.reasoningTokens, usage.audioInputTokens,
                usage.audioOutputTokens, usage.images, latency, unreported, unpriced,
                spend.nanos()});
}

} // namespace delta::store
