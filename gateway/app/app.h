#pragma once

#include "gateway/app/configuration.h"
#include "gateway/app/house.h"
#include "gateway/app/models_in_force.h"
#include "gateway/app/options.h"
#include "gateway/app/service_manager.h"
#include "gateway/app/service_state.h"
#include "gateway/app/signals.h"
#include "gateway/app/state_folder.h"
#include "gateway/app/worker.h"
#include "gateway/config/config_watcher.h"
#include "gateway/config/reloadable_config.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/telemetry/log.h"
#include "gateway/telemetry/log_writer.h"
#include "gateway/telemetry/qt_message_relay.h"

#include <QEventLoop>
#include <QTimer>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace delta::app {

/// The gateway as a whole: the only place that names every concrete class and connects them. Lives
/// on the main thread, which does what is rare: start, reload, watch the store, drain.
class App
{
public:
    explicit App(const Options &options);
    ~App();
    App(const App &) = delete;
    App &operator=(const App &) = delete;

    /// Runs until it is told to stop, and returns what the process ends with.
    [[nodiscard]] ExitCode run();

private:
    [[nodiscard]] std::optional<ExitCode> loadConfig();
    void startTelemetry();
    [[nodiscard]] std::optional<ExitCode> listen();
    void tryToOpen();
    void greet();
    void logLimits();
    void reload(const QByteArray &source);
    void reloadCertificate();
    void reloadFile(const QByteArray &source);
    [[nodiscard]] std::function<void(const QJsonObject &values)> settingsUser();
    void useSettings(const QJsonObject &values);
    void stop();
    void onWorkerDrained();
    [[nodiscard]] admin::HealthReport health() const;
    [[nodiscard]] telemetry::GaugeSources gauges();
    void addKeptGauges(telemetry::GaugeSources &sources);
    [[nodiscard]] qint64 inFlight() const;

    // In the order in which each needs the ones before.
    const Options m_options;
    SystemClock m_clock;
    SystemRandom m_random;
    const PriceBook m_prices;
    const routing::EndpointMaker m_endpoints;
    std::optional<StateFolder> m_folder;
    std::unique_ptr<config::ReloadableConfig> m_file;
    std::shared_ptr<const config::Config> m_config;
    ConfiguredRows m_rows; ///< Of the configuration that was loaded last.
    std::unique_ptr<telemetry::LogWriter> m_logWriter;
    std::unique_ptr<telemetry::Log> m_log;
    std::unique_ptr<telemetry::QtMessageRelay> m_relay;
    std::unique_ptr<telemetry::AccessLog> m_accessLog;
    ServiceState m_state;
    std::map<std::pair<QByteArray, QByteArray>, qint64> m_reloads; ///< By source and result.
    mutable std::mutex m_reloadMutex;                              ///< Guards m_reloads.
    std::unique_ptr<telemetry::Metrics> m_metrics;
    std::unique_ptr<http::TlsContext> m_tls; ///< Null: plain HTTP.
    std::unique_ptr<http::ConnectionLimits> m_limits;
    std::unique_ptr<http::BodyBudget> m_bodies;
    std::unique_ptr<ModelsInForce> m_models;
    /// For the threads that only look: health and metrics.
    std::atomic<House *> m_openHouse = nullptr;
    std::unique_ptr<House> m_house; ///< Null until the store is open.
    std::optional<EdgeParts> m_edge;
    std::vector<std::unique_ptr<Worker>> m_workers;   ///< After all that they borrow.
    std::unique_ptr<config::ConfigWatcher> m_watcher; ///< Null without a configuration file.
    ServiceManager m_serviceManager;
    QTimer m_retry;                ///< Tries again to open the store.
    QTimer m_keyWatch;             ///< Looks for keys that other processes changed.
    http::ListenAddress m_address; ///< Where the first listener listens.
    int m_draining = 0;            ///< Workers that have not drained yet.
    bool m_isStopping = false;
    ExitCode m_exit = ExitCode::Ok;
    QEventLoop m_turns;
    std::optional<Signals> m_signals;
};

} // namespace delta::app
