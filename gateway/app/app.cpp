#include "gateway/app/app.h"

#include "gateway/app/console.h"
#include "gateway/app/first_steps.h"
#include "gateway/app/version.h"
#include "gateway/http/listener.h"
#include "gateway/net/epoll_dispatcher.h"
#include "gateway/telemetry/log_target.h"

#include <QThread>
#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr auto retryInterval = std::chrono::seconds(1);

void print(const config::Problems &problems)
{
    for (const config::Problem &problem : problems) {
        printError(problem.toString());
    }
}

} // namespace

App::App(const Options &options)
    : m_options(options)
    , m_prices(PriceBook::builtIn())
    , m_endpoints(endpointMaker(m_prices))
    , m_serviceManager(net::EpollDispatcher::ofThisThread().loop(), m_clock)
{
    m_signals.emplace(net::EpollDispatcher::ofThisThread().loop(),
                      Signals::Callbacks{[this] { stop(); }, [this] { reload("signal"_ba); }});
    QObject::connect(&m_retry, &QTimer::timeout, &m_retry, [this] { tryToOpen(); });
    QObject::connect(&m_keyWatch, &QTimer::timeout, &m_keyWatch, [this] { m_house->refresh(); });
}

App::~App()
{
    m_keyWatch.stop();
    if (m_house) {
        m_house->close(); // Its queue answers through the workers' loops, so it ends before them.
    }
}

ExitCode App::run()
{
    if (const auto exit = loadConfig()) {
        return *exit;
    }
    auto folder = StateFolder::open(m_options.stateDir);
    if (!folder) {
        printError(folder.error().message);
        return ExitCode::Failed;
    }
    m_folder.emplace(*std::move(folder));
    startTelemetry();
    if (const auto exit = listen()) {
        return *exit;
    }
    tryToOpen();
    if (m_watcher) {
        m_watcher->start();
    }
    m_turns.exec();
    return m_exit;
}

std::optional<ExitCode> App::loadConfig()
{
    m_file = std::make_unique<config::ReloadableConfig>(
        m_options.configFile, surroundings(m_prices, m_clock),
        [this](config::Config &config) { addBuiltInModels(config, m_prices); });
    // It takes the file as it is now for known, so that no change during the start is missed.
    if (!m_options.configFile.isEmpty()) {
        m_watcher = std::make_unique<config::ConfigWatcher>(m_options.configFile);
        QObject::connect(m_watcher.get(), &config::ConfigWatcher::reloadRequested, m_watcher.get(),
                         [this] { reload("file"_ba); });
    }
    const auto loaded = m_file->reload();
    if (!loaded) {
        print(loaded.error());
        printError(u"%1 does not load; nothing was started."_s.arg(m_options.configFile));
        // A service manager tries again only what may be gone by then.
        return config::mayPass(loaded.error()) ? ExitCode::Failed : ExitCode::BadConfig;
    }
    print(loaded->warnings);
    m_config = loaded->config;
    m_rows = configuredRows(*m_config);
    if (const auto problems = checkCertificates(*m_config); !problems.empty()) {
        print(problems);
        return ExitCode::BadConfig;
    }
    return std::nullopt;
}

void App::startTelemetry()
{
    const telemetry::LogSettings &log = m_config->log;
    m_logWriter = std::make_unique<telemetry::LogWriter>(
        telemetry::makeLogTarget(log.sink, STDERR_FILENO));
    m_log = std::make_unique<telemetry::Log>(*m_logWriter, m_clock, log.level);
    m_relay = std::make_unique<telemetry::QtMessageRelay>(*m_log, m_clock);
    m_accessLog = std::make_unique<telemetry::AccessLog>(*m_logWriter, log);
    m_metrics = std::make_unique<telemetry::Metrics>(telemetry::MetricsSettings{versionText},
                                                     gauges());
    m_models = std::make_unique<ModelsInForce>(m_config);
}

std::optional<ExitCode> App::listen()
{
    const QString text = listenAddress(m_options, *m_config);
    const int count = m_config->workerThreads > 0 ? m_config->workerThreads
                                                  : QThread::idealThreadCount();
    const auto address = http::parseListenAddress(text.toUtf8());
    if (!address) {
        printError((m_options.listen ? u"--listen: "_s : u"PORT: "_s) + address.error());
        return ExitCode::Usage;
    }
    auto listeners = http::inheritListeners(count);
    if (listeners && listeners->empty()) {
        listeners = http::openListeners(*address, count);
    }
    if (!listeners) {
        printError(listeners.error() + u" Name another address with --listen ADDR:PORT."_s);
        return ExitCode::PortTaken;
    }
    if (!m_config->edge.tlsCertificateFile.isEmpty()) {
        auto tls = http::TlsContext::load(m_config->edge.tlsCertificateFile,
                                          m_config->edge.tlsKeyFile);
        if (!tls) {
            printError(tls.error());
            return ExitCode::BadConfig;
        }
        m_tls = *std::move(tls);
    }
    m_address = http::addressOf(listeners->front());
    m_limits = std::make_unique<http::ConnectionLimits>(m_config->edge.maxConnections,
                                                        m_config->edge.maxConnectionsPerAddress);
    m_bodies = std::make_unique<http::BodyBudget>(m_config->edge.maxBufferedBodyBytes);
    m_edge.emplace(EdgeParts{m_state, *m_metrics, *m_limits, *m_bodies, m_tls.get(), m_clock,
                             m_random, [this] { return health(); }, m_config->edge});
    std::vector<std::vector<http::Listener>> shares(static_cast<std::size_t>(count));
    for (std::size_t index = 0; index < listeners->size(); ++index) {
        shares[index % shares.size()].push_back(std::move((*listeners)[index]));
    }
    for (auto &share : shares) {
        m_workers.push_back(std::make_unique<Worker>(*m_edge, std::move(share)));
    }
    return std::nullopt;
}

void App::tryToOpen()
{
    auto house = House::open({*m_folder, *m_config, m_rows, *m_models, m_endpoints, m_prices,
                              *m_metrics, *m_accessLog, m_clock, m_random, *m_file,
                              settingsUser()});
    if (!house) {
        if (m_state.reason() != house.error().message) {
            m_log->error("delta.app", "The store cannot be opened; trying again every second.",
                         {{"detail", house.error().message + u' ' + house.error().detail}});
        }
        m_state.setReason(house.error().message);
        m_serviceManager.reportWaiting(house.error().message);
        m_retry.start(retryInterval);
        return;
    }
    m_retry.stop();
    m_house = *std::move(house);
    m_openHouse.store(m_house.get(), std::memory_order_release);
    for (const auto &worker : m_workers) {
        worker->open(m_house->service());
    }
    m_state.setReason({});
    m_state.setPhase(ServiceState::Phase::Ready);
    m_keyWatch.start(m_house->lookInterval());
    greet();
    logLimits();
    m_serviceManager.reportReady();
    std::vector<ServiceManager::Loop> loops;
    for (const auto &worker : m_workers) {
        loops.emplace_back(
            [target = worker.get()](std::function<void()> work) { target->post(std::move(work)); });
    }
    m_serviceManager.watch(std::move(loops));
}

void App::greet()
{
    FirstSteps steps{.scheme = m_tls ? "https"_L1 : "http"_L1,
                     .address = m_address,
                     .models = m_models->snapshots().current()->catalog.models(),
                     .configuration = m_options.configFile,
                     .secrets = m_house->takeFirstSecrets(),
                     .secretsFile = {}};
    // The system's journal keeps what it is told, and whole groups of users may read it.
    const bool isKept = telemetry::isJournalStream(STDOUT_FILENO, qgetenv("JOURNAL_STREAM"));
    const QString name = u"first-secrets"_s;
    if (steps.secrets && isKept && m_folder->write(name, secretLines(*steps.secrets).toUtf8())) {
        steps.secretsFile = m_folder->path() + u'/' + name;
    }
    printLine(steps.toText());
}

void App::logLimits()
{
    if (!m_config->redis.isConfigured()) {
        m_log->info("delta.app", "No Redis is configured: rate limits are of this gateway alone.");
        return;
    }
    const QString place = QString::fromUtf8(m_config->redis.place());
    if (m_config->redisDegradedMode == ports::DegradedMode::FailOpen) {
        m_log->info("delta.app",
                    "Rate limits are shared in Redis; while it does not answer, they are of this "
                    "gateway alone.",
                    {{"detail", place}});
    } else {
        m_log->info("delta.app",
                    "Rate limits are shared in Redis; while it does not answer, calls that have "
                    "limits are refused.",
                    {{"detail", place}});
    }
}

void App::reload(const QByteArray &source)
{
    // Before it is ready and while it stops, the service manager must not be told that it is ready.
    const bool isServing = m_state.phase() == ServiceState::Phase::Ready;
    if (isServing) {
        m_serviceManager.reportReloading();
    }
    reloadCertificate();
    if (m_options.configFile.isEmpty()) {
        m_log->warning("delta.config",
                       "Nothing was loaded anew: the start found no configuration file.");
    } else {
        reloadFile(source);
    }
    if (isServing) {
        m_serviceManager.reportReady();
    }
}

void App::reloadCertificate()
{
    if (!m_tls) {
        return;
    }
    if (const auto renewed = m_tls->reload(); !renewed) {
        m_log->error("delta.app", "The certificate stays the old one.",
                     {{"detail", renewed.error()}});
    }
}

void App::reloadFile(const QByteArray &source)
{
    const auto count = [this, &source](const QByteArray &result) {
        const std::scoped_lock lock(m_reloadMutex);
        ++m_reloads[{source, result}];
    };
    const auto loaded = m_file->reload();
    if (!loaded) {
        for (const config::Problem &problem : loaded.error()) {
            m_log->error("delta.config",
                         "The configuration does not load; the last good one stays.",
                         {{"detail", problem.toString()}});
        }
        count("failure"_ba);
        return;
    }
    for (const config::Problem &note : loaded->warnings) {
        m_log->warning("delta.config", "The configuration has a note.",
                       {{"detail", note.toString()}});
    }
    const QStringList waiting = restartSettings(*m_config, *loaded->config);
    if (!waiting.isEmpty()) {
        m_log->warning("delta.config", "Some changed settings wait for a restart.",
                       {{"detail", waiting.join(u", "_s)}});
    }
    m_log->setLevel(loaded->config->log.level);
    const std::uint64_t version = m_models->useFile(loaded->config);
    m_rows = configuredRows(*loaded->config);
    if (m_house) {
        m_house->adoptRows(m_rows);
    }
    m_log->info("delta.config", "The configuration was loaded anew.", {{"count", version}});
    count("success"_ba);
}

/// Returns what takes the settings of the database on whatever thread has read them.
std::function<void(const QJsonObject &values)> App::settingsUser()
{
    return [this, &mainLoop = net::EpollDispatcher::ofThisThread().loop(),
            main = std::this_thread::get_id()](const QJsonObject &values) {
        if (std::this_thread::get_id() == main) {
            useSettings(values);
        } else {
            mainLoop.post([this, values] { useSettings(values); });
        }
    };
}

/// What the database says goes over what the file says, now and whenever that is loaded anew.
void App::useSettings(const QJsonObject &values)
{
    m_file->setOverlay(values);
    reloadFile("database"_ba);
}

void App::stop()
{
    if (std::exchange(m_isStopping, true)) {
        // Told twice, so somebody is in a hurry. The journal needs no goodbye: the next start
        // settles the rest.
        std::_Exit(static_cast<int>(ExitCode::Failed));
    }
    m_serviceManager.reportStopping();
    m_retry.stop();
    m_state.setPhase(ServiceState::Phase::Draining);
    m_draining = static_cast<int>(m_workers.size());
    net::EventLoop &mainLoop = net::EpollDispatcher::ofThisThread().loop();
    for (const auto &worker : m_workers) {
        worker->drain(m_config->drainTimeout,
                      [this, &mainLoop] { mainLoop.post([this] { onWorkerDrained(); }); });
    }
    if (m_workers.empty()) {
        m_turns.exit();
    }
}

void App::onWorkerDrained()
{
    if (--m_draining > 0) {
        return;
    }
    m_keyWatch.stop();
    if (m_house) {
        m_house->close();
    }
    m_log->info("delta.app", "Drained; all calls are settled.");
    m_turns.exit();
}

admin::HealthReport App::health() const
{
    admin::HealthReport report;
    report.acceptsCalls = m_state.phase() == ServiceState::Phase::Ready;
    report.reason = m_state.phase() == ServiceState::Phase::Draining ? u"draining"_s
                                                                     : m_state.reason();
    if (const House *house = m_openHouse.load(std::memory_order_acquire)) {
        const ledger::LedgerStatus ledger = house->ledgerStatus();
        report.hasStore = ledger.lastError.isEmpty();
        report.hasJournal = !ledger.hasFailed;
        report.reason = report.reason.isEmpty() ? ledger.lastError : report.reason;
        report.hasRedis = house->sharedStatus().isUp();
    }
    return report;
}

telemetry::GaugeSources App::gauges()
{
    const auto ledger = [this] {
        const House *house = m_openHouse.load(std::memory_order_acquire);
        return house ? house->ledgerStatus() : ledger::LedgerStatus();
    };
    telemetry::GaugeSources sources;
    sources.inFlightRequests = [this] { return inFlight(); };
    sources.connections = [this] { return m_limits->count(); };
    sources.journalLag = [ledger] { return ledger().lag; };
    sources.journalBacklogBytes = [ledger] { return ledger().backlogBytes; };
    sources.ledgerOpenCalls = [ledger] { return ledger().openCalls; };
    if (m_config->redis.isConfigured()) {
        sources.redisUp = [this] {
            const House *house = m_openHouse.load(std::memory_order_acquire);
            return house && house->sharedStatus().isUp() ? 1 : 0;
        };
        sources.redisDegradedCalls = [this] {
            const House *house = m_openHouse.load(std::memory_order_acquire);
            return house ? house->sharedStatus().degradedCalls.load(std::memory_order_relaxed) : 0;
        };
    }
    if (databaseAddress(*m_config, {}).dialect == store::Dialect::PostgreSql) {
        sources.storeListening = [this] {
            const House *house = m_openHouse.load(std::memory_order_acquire);
            return house && house->listener() && house->listener()->isListening() ? 1 : 0;
        };
        sources.storeNotifications = [this] {
            const House *house = m_openHouse.load(std::memory_order_acquire);
            return house && house->listener() ? house->listener()->notifications() : 0;
        };
        sources.lostGateways = [this] {
            const House *house = m_openHouse.load(std::memory_order_acquire);
            return house && house->presence() ? house->presence()->lostGateways() : 0;
        };
    }
    sources.logLinesDropped = [this] { return m_logWriter->dropped(); };
    sources.process = telemetry::readProcessStats;
    addKeptGauges(sources);
    sources.configReloads = [this] {
        const std::scoped_lock lock(m_reloadMutex);
        std::vector<telemetry::ReloadCount> counts;
        for (const auto &[key, count] : m_reloads) {
            counts.push_back({key.first, key.second, count});
        }
        return counts;
    };
    return sources;
}

/// Adds what is on its way out of the gateway: alerts, and what calls asked and were answered.
void App::addKeptGauges(telemetry::GaugeSources &sources)
{
    sources.alerts = [this] {
        const House *house = m_openHouse.load(std::memory_order_acquire);
        return house && house->alerts() ? house->alerts()->counts()
                                        : std::vector<telemetry::AlertCount>();
    };
    sources.callContents = [this] {
        const House *house = m_openHouse.load(std::memory_order_acquire);
        const content::ContentCounts counts = house ? house->contents().counts()
                                                    : content::ContentCounts();
        return std::vector<telemetry::ContentCount>{
            {"stored", counts.stored}, {"dropped", counts.dropped}, {"failed", counts.failed}};
    };
    sources.alertsQueued = [this] {
        const House *house = m_openHouse.load(std::memory_order_acquire);
        return house && house->alerts() ? house->alerts()->queued() : 0;
    };
}

qint64 App::inFlight() const
{
    qint64 calls = 0;
    for (const auto &worker : m_workers) {
        calls += worker->inFlight();
    }
    return calls;
}

} // namespace delta::app
