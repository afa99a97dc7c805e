#pragma once

#include "gateway/telemetry/call_recorder.h"
#include "gateway/telemetry/gauge_sources.h"
#include "gateway/telemetry/label_budget.h"
#include "gateway/telemetry/prometheus_text.h"

#include <QByteArray>

#include <memory>
#include <mutex>
#include <vector>

namespace delta::telemetry {

/// What Metrics needs to know.
struct MetricsSettings {
    QByteArray version = {};        ///< For deltallm_build_info.
    std::size_t labelSets = 10'000; ///< Per metric; what exceeds it is counted under "other".
};

/// All metrics of the gateway. Every loop thread counts into a recorder of its own; a scrape adds
/// up.
class Metrics
{
public:
    Metrics(MetricsSettings settings, GaugeSources sources);

    /// Makes the recorder of one thread. It lives as long as the Metrics. Safe from any thread.
    [[nodiscard]] CallRecorder &makeRecorder();
    /// Returns everything in Prometheus' text format 0.0.4. Safe from any thread.
    [[nodiscard]] QByteArray text() const;

private:
    void addCalls(PrometheusText &text) const;
    void addGauges(PrometheusText &text) const;
    void addRedis(PrometheusText &text) const;
    void addStore(PrometheusText &text) const;
    void addReloads(PrometheusText &text) const;
    void addAlerts(PrometheusText &text) const;
    void addContents(PrometheusText &text) const;
    void addProcess(PrometheusText &text) const;

    const MetricsSettings m_settings;
    const GaugeSources m_sources;
    LabelBudget m_budget;
    mutable std::mutex m_mutex; ///< Guards the list, not the recorders.
    std::vector<std::unique_ptr<CallRecorder>> m_recorders;
};

} // namespace delta::telemetry
