#include "gateway/store/roll_ups.h"

#include "gateway/store/dimension.h"

#include <chrono>
#include <utility>
#include <vector>

namespace delta::store {

namespace {

qint64 slotOf(WallTime time, int seconds)
{
    const auto since = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    return since.count() / seconds; // No call began before 1970: the poster sees to that.
}

/// Appends the thirteen sums that spend_hourly and spend_daily have, in the order of their columns. What failed is
/// in their keys.
void appendSums(const SpendTotals &sums, std::vector<qint64> &row)
{
    const Usage &usage = sums.usage;
    row.insert(row.end(),
               {sums.requests, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens,
                usage.cacheWriteTokens, usage.reasoningTokens, usage.audioInputTokens,
                usage.audioOutputTokens, usage.images, sums.latency.count(),
                sums.unreportedRequests, sums.unpricedRequests, sums.spend.nanos()});
}

/// Appends the fourteen that spend_rollups has.
void appendAllSums(const SpendTotals &sums, std::vector<qint64> &row)
{
    appendSums(sums, row);
    row.push_back(sums.failedRequests);
}

template <typename Sums, typename Append>
Result<void> writeAll(const Sums &sums, RowSink &sink, Append append)
{
    std::vector<qint64> row;
    for (const auto &[key, calls] : sums) {
        row.assign(key.begin(), key.end());
        append(calls, row);
        TRY_VOID(sink.add(row));
    }
    return {};
}

} // namespace

void RollUps::add(const EventRow &row)
{
    const SpendEntry &entry = row.entry;
    m_hours[{slotOf(entry.startedAt, hourSlot), row.key, row.user, row.team, row.organization,
             row.model, row.deployment, row.provider, row.operation,
             static_cast<int>(entry.outcome), entry.status}]
        .add(entry);
    const std::pair<Dimension, qint64> parts[] = {{Dimension::Key, row.key},
                                                  {Dimension::User, row.user},
                                                  {Dimension::Team, row.team},
                                                  {Dimension::Organization, row.organization},
                                                  {Dimension::Model, row.model},
                                                  {Dimension::Deployment, row.deployment},
                                                  {Dimension::Provider, row.provider},
                                                  {Dimension::EndUser, row.endUser},
                                                  {Dimension::Mix, row.mix}};
    addSlots(row, std::to_underlying(Dimension::All), 0);
    addSlots(row, std::to_underlying(Dimension::Status), entry.status);
    for (const auto &[dimension, ref] : parts) {
        if (ref != 0) {
            addSlots(row, std::to_underlying(dimension), ref);
        }
    }
    if (row.key != 0) {
        m_slots[{std::to_underlying(Dimension::Key), everSlot, row.key, 0}].add(entry);
    }
    for (const qint64 tag : row.tags) {
        addSlots(row, std::to_underlying(Dimension::Tag), tag);
    }
}

void RollUps::addSlots(const EventRow &row, qint64 dimension, qint64 ref)
{
    for (const int seconds : {hourSlot, daySlot}) {
        m_slots[{dimension, seconds, ref, slotOf(row.entry.startedAt, seconds)}].add(row.entry);
    }
}

std::map<RollUps::PartKey, SpendTotals> RollUps::days() const
{
    std::map<PartKey, SpendTotals> days;
    for (const auto &[hour, calls] : m_hours) {
        PartKey day = hour;
        day.front() /= daySlot / hourSlot;
        days[day] += calls;
    }
    return days;
}

Result<void> RollUps::write(const Sinks &sinks) const
{
    TRY_VOID(writeAll(m_hours, sinks.hours, appendSums));
    TRY_VOID(writeAll(days(), sinks.days, appendSums));
    return writeAll(m_slots, sinks.rollUps, appendAllSums);
}

} // namespace delta::store
