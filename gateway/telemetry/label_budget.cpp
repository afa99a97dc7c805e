#include "gateway/telemetry/label_budget.h"

#include "gateway/telemetry/metric_labels.h"

namespace delta::telemetry {

LabelBudget::LabelBudget(std::size_t capacity)
    : m_capacity(capacity)
{
}

QByteArray LabelBudget::admit(CallMetric metric, const QByteArray &labels)
{
    const std::scoped_lock lock(m_mutex);
    auto &admitted = m_admitted[static_cast<std::size_t>(std::to_underlying(metric))];
    if (const auto known = admitted.find(labels); known != admitted.end()) {
        return *known; // Shares its buffer with the other threads.
    }
    if (admitted.size() < m_capacity) {
        return *admitted.insert(labels).first;
    }
    m_dropped.fetch_add(1, std::memory_order_relaxed);
    return otherLabels(metric);
}

} // namespace delta::telemetry
