#pragma once

#include "gateway/telemetry/metric_catalog.h"

#include <QByteArray>
#include <QHashFunctions>

#include <array>
#include <atomic>
#include <mutex>
#include <unordered_set>

namespace delta::telemetry {

/// Caps the number of label sets per metric over all threads, so that no caller can fill the memory
/// or the scrape. Safe from any thread; asked once per label set and thread, not per call.
class LabelBudget
{
public:
    explicit LabelBudget(std::size_t capacity);

    /// Returns the label set itself while there is room for it, else that metric's "other" set.
    [[nodiscard]] QByteArray admit(CallMetric metric, const QByteArray &labels);
    /// Returns how many times a label set was replaced. A set may be asked for once per thread.
    [[nodiscard]] qint64 dropped() const
    {
        return m_dropped.load(std::memory_order_relaxed);
    }

private:
    const std::size_t m_capacity;
    std::mutex m_mutex;
    std::array<std::unordered_set<QByteArray>, callMetricCount> m_admitted;
    std::atomic<qint64> m_dropped = 0;
};

} // namespace delta::telemetry
