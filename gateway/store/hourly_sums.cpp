#include "gateway/store/hourly_sums.h"

#include "gateway/store/integer_statement.h"
#include "gateway/store/usage_sum.h"

#include <array>
#include <chrono>

namespace delta::store {

namespace {

qint64 hourOf(WallTime time)
{
    return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

} // namespace

void HourlySums::add(const EventRow &row)
{
    const SpendEntry &entry = row.entry;
    Sums &sums =
        m_groups[{hourOf(entry.startedAt), row.key, row.user, row.team, row.model, row.deployment,
                  row.provider, row.operation, static_cast<int>(entry.outcome), entry.status}];
    ++sums.requests;
    addUsage(sums.usage, entry.usage);
    sums.latency += entry.latency.count();
    sums.unreported += entry.usageSource == UsageSource::Reported ? 0 : 1;
    sums.unpriced += entry.isPriced ? 0 : 1;
    sums.spend += entry.cost;
}

Result<void> HourlySums::write(IntegerStatement &upsert) const
{
    for (const auto &[group, sums] : m_groups) {
        const Usage &usage = sums.usage;
        TRY_VOID(upsert.run(std::array<qint64, 23>{group.hour,
                                                   group.key,
                                                   group.user,
                                                   group.team,
                                                   group.model,
                                                   group.deployment,
                                                   group.provider,
                                                   group.operation,
                                                   group.outcome,
                                                   group.status,
                                                   sums.requests,
                                                   usage.inputTokens,
                                                   usage.outputTokens,
                                                   usage.cacheReadTokens,
                                                   usage.cacheWriteTokens,
                                                   usage.reasoningTokens,
                                                   usage.audioInputTokens,
                                                   usage.audioOutputTokens,
                                                   usage.images,
                                                   sums.latency,
                                                   sums.unreported,
                                                   sums.unpriced,
                                                   sums.spend.nanos()}));
    }
    return {};
}

} // namespace delta::store
