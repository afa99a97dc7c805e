#pragma once

#include "gateway/store/event_row.h"

namespace delta::store {

/// Names the columns of an event in the order of events/insert, for whatever writes them: `number`, `text`,
/// `textOrNull` and `durationOrNull` of the visitor.
void visitEvent(auto &visitor, const EventRow &row)
{
    const SpendEntry &entry = row.entry;
    visitor.number(row.id);
    visitor.text(entry.requestId);
    visitor.textOrNull(entry.clientRequestId);
    for (const qint64 ref : {row.operation, row.key, row.user, row.team, row.model, row.deployment,
                             row.provider, row.upstreamModel}) {
        visitor.number(ref);
    }
    visitor.textOrNull(entry.endUser);
    visitor.number(entry.startedAt.time_since_epoch().count());
    visitor.number(entry.latency.count());
    visitor.durationOrNull(entry.timeToFirst);
    visitor.durationOrNull(entry.upstreamLatency);
    const Usage &usage = entry.usage;
    for (const qint64 count :
         {usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens,
          usage.reasoningTokens, usage.audioInputTokens, usage.audioOutputTokens, usage.images}) {
        visitor.number(count);
    }
    visitor.number(static_cast<int>(entry.usageSource));
    visitor.number(entry.cost.nanos());
    visitor.number(entry.isPriced ? 1 : 0);
    visitor.number(entry.isStream ? 1 : 0);
    visitor.number(static_cast<int>(entry.outcome));
    visitor.number(entry.status);
    visitor.textOrNull(entry.errorCode);
    visitor.number(row.organization);
    visitor.textOrNull(entry.tags);
}

} // namespace delta::store
