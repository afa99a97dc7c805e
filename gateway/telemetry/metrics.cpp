#include "gateway/telemetry/metrics.h"

#include "gateway/telemetry/metric_labels.h"

namespace delta::telemetry {

namespace {

constexpr int micros = 6;

/// A metric without labels.
PrometheusText::Series single(qint64 value)
{
    return {{QByteArray(), {value}}};
}

void addCount(PrometheusText &text, const MetricSpec &spec, const std::function<qint64()> &source)
{
    if (source) {
        text.add(spec, single(source()));
    }
}

/// The labels of what was counted by its result and one thing more.
QByteArray resultLabels(QByteArrayView name, const QByteArray &value, const QByteArray &result)
{
    const QByteArray first = labelValue(value, "unknown");
    const QByteArray second = labelValue(result, "unknown");
    return labelText(std::array{std::pair<QByteArrayView, QByteArrayView>(name, first),
                                std::pair<QByteArrayView, QByteArrayView>("result", second)});
}

} // namespace

Metrics::Metrics(MetricsSettings settings, GaugeSources sources)
    : m_settings(std::move(settings))
    , m_sources(std::move(sources))
    , m_budget(m_settings.labelSets)
{
}

CallRecorder &Metrics::makeRecorder()
{
    const std::scoped_lock lock(m_mutex);
    return *m_recorders.emplace_back(std::make_unique<CallRecorder>(m_budget));
}

QByteArray Metrics::text() const
{
    PrometheusText text;
    addCalls(text);
    addGauges(text);
    addRedis(text);
    addStore(text);
    addReloads(text);
    addAlerts(text);
    addContents(text);
    addProcess(text);
    return text.text();
}

void Metrics::addCalls(PrometheusText &text) const
{
    CallRecorder::Totals totals;
    {
        const std::scoped_lock lock(m_mutex);
        for (const auto &recorder : m_recorders) {
            recorder->addTo(totals);
        }
    }
    for (std::size_t index = 0; index < callMetricCount; ++index) {
        text.add(specOf(static_cast<CallMetric>(index)), totals[index]);
    }
}

void Metrics::addGauges(PrometheusText &text) const
{
    using enum MetricKind;
    addCount(text,
             {"deltallm_in_flight_requests", "Requests that are being answered.", Gauge, 0, {}},
             m_sources.inFlightRequests);
    addCount(text, {"deltallm_connections", "Open client connections.", Gauge, 0, {}},
             m_sources.connections);
    addCount(text,
             {"deltallm_journal_backlog_bytes",
              "Journal that the store has not applied yet.",
              Gauge,
              0,
              {}},
             m_sources.journalBacklogBytes);
    addCount(
        text,
        {"deltallm_ledger_open_calls", "Calls that are reserved and not settled.", Gauge, 0, {}},
        m_sources.ledgerOpenCalls);
    addCount(text,
             {"deltallm_log_lines_dropped_total",
              "Log lines lost because their sink was too slow.",
              Counter,
              0,
              {}},
             m_sources.logLinesDropped);
    if (m_sources.journalLag) {
        text.add({"deltallm_journal_lag_seconds",
                  "Age of the oldest journal entry that the store has not applied yet.",
                  Gauge,
                  micros,
                  {}},
                 single(m_sources.journalLag().count()));
    }
    text.add({"deltallm_metric_label_sets_dropped_total",
              "Label sets beyond the cap, counted under \"other\".",
              Counter,
              0,
              {}},
             single(m_budget.dropped()));
    const QByteArray version = labelValue(m_settings.version, "unknown");
    text.add({"deltallm_build_info", "Always one; the label says what runs.", Gauge, 0, {}},
             {{labelText(std::array{std::pair<QByteArrayView, QByteArrayView>("version", version)}),
               {1}}});
}

void Metrics::addRedis(PrometheusText &text) const
{
    using enum MetricKind;
    addCount(text,
             {"deltallm_redis_up", "Whether Redis answers all threads in time.", Gauge, 0, {}},
             m_sources.redisUp);
    addCount(text,
             {"deltallm_redis_degraded_calls_total",
              "Calls with limits that Redis had no answer for in time.",
              Counter,
              0,
              {}},
             m_sources.redisDegradedCalls);
}

void Metrics::addStore(PrometheusText &text) const
{
    using enum MetricKind;
    addCount(text,
             {"deltallm_store_listening",
              "Whether the database tells of changes by other processes at once.",
              Gauge,
              0,
              {}},
             m_sources.storeListening);
    addCount(text,
             {"deltallm_store_notifications_total",
              "How often the database told of changes of keys, budgets and rate limits.",
              Counter,
              0,
              {}},
             m_sources.storeNotifications);
    addCount(text,
             {"deltallm_lost_gateways",
              "Other gateways that hold something of budgets and were not seen for a minute.",
              Gauge,
              0,
              {}},
             m_sources.lostGateways);
}

void Metrics::addReloads(PrometheusText &text) const
{
    if (!m_sources.configReloads) {
        return;
    }
    PrometheusText::Series series;
    for (const ReloadCount &reload : m_sources.configReloads()) {
        series[resultLabels("source", reload.source, reload.result)] = {reload.count};
    }
    text.add({"deltallm_config_reload_events_total",
              "Configurations loaded, by what asked for it and how it went.",
              MetricKind::Counter,
              0,
              {}},
             series);
}

void Metrics::addAlerts(PrometheusText &text) const
{
    addCount(text,
             {"deltallm_alerts_queued",
              "Alerts that wait to be sent, over all channels and gateways.",
              MetricKind::Gauge,
              0,
              {}},
             m_sources.alertsQueued);
    if (!m_sources.alerts) {
        return;
    }
    PrometheusText::Series series;
    for (const AlertCount &alert : m_sources.alerts()) {
        series[resultLabels("channel", alert.channel, alert.result)] = {alert.count};
    }
    text.add({"deltallm_alerts_total",
              "Alerts that were delivered or given up, and attempts that failed, by channel.",
              MetricKind::Counter,
              0,
              {}},
             series);
}

void Metrics::addContents(PrometheusText &text) const
{
    if (!m_sources.callContents) {
        return;
    }
    PrometheusText::Series series;
    for (const ContentCount &content : m_sources.callContents()) {
        series[labelText(std::array{std::pair<QByteArrayView, QByteArrayView>(
            "result", content.result)})] = {content.count};
    }
    text.add({"deltallm_call_contents_total",
              "Calls whose prompt and answer were to be kept, by what became of these.",
              MetricKind::Counter,
              0,
              {}},
             series);
}

void Metrics::addProcess(PrometheusText &text) const
{
    using enum MetricKind;
    if (!m_sources.process) {
        return;
    }
    const ProcessStats stats = m_sources.process();
    text.add(
        {"process_cpu_seconds_total", "User and system time of all threads.", Counter, micros, {}},
        single(stats.cpu.count()));
    text.add({"process_max_fds", "Limit of open file descriptors.", Gauge, 0, {}},
             single(stats.fileLimit));
    text.add({"process_open_fds", "Open file descriptors.", Gauge, 0, {}}, single(stats.openFiles));
    text.add({"process_resident_memory_bytes", "Resident memory.", Gauge, 0, {}},
             single(stats.residentBytes));
    text.add({"process_start_time_seconds",
              "When the process started, since the epoch.",
              Gauge,
              micros,
              {}},
             single(stats.startedAt.count()));
    text.add({"process_virtual_memory_bytes", "Virtual memory.", Gauge, 0, {}},
             single(stats.virtualBytes));
}

} // namespace delta::telemetry
