#pragma once

#include "gateway/telemetry/call_facts.h"
#include "gateway/telemetry/label_budget.h"
#include "gateway/telemetry/metric_catalog.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QHashFunctions>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace delta::telemetry {

/// Counts the calls of one thread. The thread finds the cells of a call by what the call has in
/// common with earlier ones, and adds to them without a lock; a scrape reads them at the same time.
class CallRecorder
{
public:
    /// The sums per metric and label set that a scrape makes of all recorders.
    using Totals = std::array<std::map<QByteArray, std::vector<qint64>>, callMetricCount>;

    explicit CallRecorder(LabelBudget &budget);
    CallRecorder(const CallRecorder &) = delete;
    CallRecorder &operator=(const CallRecorder &) = delete;

    /// Counts a call that ended. Only from the thread that the recorder was made for.
    void record(const SpendEntry &entry);
    /// Adds what was counted so far to `totals`. From any thread.
    void addTo(Totals &totals) const;

private:
    using Cells = std::vector<std::atomic<qint64>>;

    /// The cells of a call by metric; null until the metric was needed once.
    using Handle = std::array<Cells *, callMetricCount>;
    struct Call {
        Handle &handle;
        const SpendEntry &entry;
    };

    [[nodiscard]] Handle &handleFor(const SpendEntry &entry);
    [[nodiscard]] Cells &cellsOf(Call call, CallMetric metric);
    [[nodiscard]] Cells *makeCells(const SpendEntry &entry, CallMetric metric);
    void add(Call call, CallMetric metric, qint64 amount);
    void observe(Call call, CallMetric metric, std::chrono::microseconds duration);

    LabelBudget &m_budget;
    /// The thread's own.
    std::unordered_map<CallFacts, Handle, CallFactsHash, CallFactsEqual> m_handles;
    mutable std::mutex m_mutex; ///< Taken when a series is made and when a scrape reads.
    std::array<std::unordered_map<QByteArray, Cells>, callMetricCount> m_series;
};

} // namespace delta::telemetry
