#include "gateway/store/event_reader.h"

#include "gateway/store/journal_row.h"
#include "gateway/store/row_reader.h"

#include <chrono>

namespace delta::store {

ports::PostedEntry entryOf(const QSqlQuery &row)
{
    RowReader reader(row);
    ports::PostedEntry posted;
    SpendEntry &entry = posted.entry;
    posted.offset = offsetOf(reader.number());
    entry.requestId = reader.text();
    entry.clientRequestId = reader.text();
    entry.operation = reader.text();
    entry.keyId = reader.text();
    entry.userId = reader.text();
    entry.teamId = reader.text();
    entry.model = reader.text();
    entry.deploymentId = reader.text();
    entry.provider = reader.text();
    entry.upstreamModel = reader.text();
    entry.endUser = reader.text();
    entry.startedAt = WallTime(std::chrono::milliseconds(reader.number()));
    entry.latency = reader.duration();
    entry.timeToFirst = reader.durationOrNone();
    entry.upstreamLatency = reader.durationOrNone();
    entry.usage = reader.usage();
    entry.usageSource = static_cast<UsageSource>(reader.number());
    entry.cost = Money::fromNanos(reader.number());
    entry.isPriced = reader.number() != 0;
    entry.isStream = reader.number() != 0;
    entry.outcome = static_cast<Outcome>(reader.number());
    entry.status = static_cast<int>(reader.number());
    entry.errorCode = reader.text();
    entry.organizationId = reader.text();
    entry.tags = reader.text();
    return posted;
}

} // namespace delta::store
