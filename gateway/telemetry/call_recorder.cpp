#include "gateway/telemetry/call_recorder.h"

#include "gateway/telemetry/metric_labels.h"

#include <algorithm>

namespace delta::telemetry {

namespace {

/// Beyond this, a thread starts its memory of calls anew; the counts themselves stay.
constexpr std::size_t handleLimit = 16'384;

std::size_t indexOf(CallMetric metric)
{
    return static_cast<std::size_t>(std::to_underlying(metric));
}

/// Adds without a locked instruction: the owner is the only writer, scrapes only read.
void bump(std::atomic<qint64> &cell, qint64 amount)
{
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

} // namespace

CallRecorder::CallRecorder(LabelBudget &budget)
    : m_budget(budget)
{
}

void CallRecorder::record(const SpendEntry &entry)
{
    const Call call{handleFor(entry), entry};
    add(call, CallMetric::Requests, 1);
    observe(call, CallMetric::TotalLatency, entry.latency);
    observe(call, CallMetric::UpstreamLatency, entry.upstreamLatency);
    observe(call, CallMetric::TimeToFirstToken, entry.timeToFirst);
    if (entry.usageSource != UsageSource::None) {
        add(call, CallMetric::InputTokens, entry.usage.inputTokens);
        add(call, CallMetric::OutputTokens, entry.usage.outputTokens);
        add(call, CallMetric::Spend, entry.cost.nanos());
    }
    if (entry.outcome != Outcome::Succeeded) {
        add(call, CallMetric::Failures, 1);
    }
    if (entry.outcome == Outcome::Failed && !entry.provider.isEmpty()) {
        add(call, CallMetric::UpstreamErrors, 1);
    }
    if (!entry.isPriced) {
        add(call, CallMetric::UnpricedCalls, 1);
    }
    if (entry.usageSource == UsageSource::Estimated
        || entry.usageSource == UsageSource::Recovered) {
        add(call, CallMetric::EstimatedUsage, 1);
    }
}

void CallRecorder::addTo(Totals &totals) const
{
    const std::scoped_lock lock(m_mutex);
    for (std::size_t metric = 0; metric < callMetricCount; ++metric) {
        for (const auto &[labels, cells] : m_series[metric]) {
            std::vector<qint64> &sums = totals[metric][labels];
            sums.resize(cells.size());
            for (std::size_t index = 0; index < cells.size(); ++index) {
                sums[index] += cells[index].load(std::memory_order_relaxed);
            }
        }
    }
}

CallRecorder::Handle &CallRecorder::handleFor(const SpendEntry &entry)
{
    if (const auto known = m_handles.find(entry); known != m_handles.end()) {
        return known->second;
    }
    if (m_handles.size() >= handleLimit) {
        m_handles.clear();
    }
    return m_handles.emplace(CallFacts(entry), Handle()).first->second;
}

CallRecorder::Cells &CallRecorder::cellsOf(Call call, CallMetric metric)
{
    Cells *&cells = call.handle[indexOf(metric)];
    if (cells == nullptr) {
        cells = makeCells(call.entry, metric);
    }
    return *cells;
}

CallRecorder::Cells *CallRecorder::makeCells(const SpendEntry &entry, CallMetric metric)
{
    const QByteArray labels = m_budget.admit(metric, labelsOf(entry, metric));
    const std::scoped_lock lock(m_mutex);
    return &m_series[indexOf(metric)].try_emplace(labels, specOf(metric).cellCount()).first->second;
}

void CallRecorder::add(Call call, CallMetric metric, qint64 amount)
{
    bump(cellsOf(call, metric).front(), amount);
}

/// Counts a duration in its bucket; a negative one says that there was none.
void CallRecorder::observe(Call call, CallMetric metric, std::chrono::microseconds duration)
{
    if (duration.count() < 0) {
        return;
    }
    Cells &cells = cellsOf(call, metric);
    const auto bucket = std::ranges::lower_bound(latencyBounds, duration) - latencyBounds.begin();
    bump(cells[static_cast<std::size_t>(bucket)], 1);
    bump(cells.back(), duration.count());
}

} // namespace delta::telemetry
