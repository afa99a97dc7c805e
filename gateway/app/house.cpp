#include "gateway/app/house.h"

#include "gateway/app/auth_hook.h"
#include "gateway/app/configuration.h"
#include "gateway/app/first_run.h"
#include "gateway/app/issuer_keys.h"
#include "gateway/app/sealing.h"
#include "gateway/app/version.h"
#include "gateway/auth/audit_key.h"

#include <QSysInfo>

#include <tuple>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// How long a store may take for what the journal holds, before its budgets are said to be unknown.
constexpr std::chrono::seconds flushTimeout{10};

store::DatabaseAddress databaseAddressOf(const House::Ground &ground)
{
    return databaseAddress(ground.config, ground.folder.databaseFile());
}

/// Returns the name by which a database that several gateways share knows this one's journal. It is made with the
/// state folder, in which the journal lies.
Result<QString> journalName(const StateFolder &folder, Random &random)
{
    const QString file = u"journal-name"_s;
    TRY(const std::optional<QByteArray> known, folder.read(file));
    if (known && !known->trimmed().isEmpty()) {
        return QString::fromLatin1(known->trimmed());
    }
    const QByteArray name = randomText(random, 16);
    TRY_VOID(folder.write(file, name + '\n'));
    return QString::fromLatin1(name);
}

} // namespace

House::House(const Ground &ground)
    : m_ground(ground)
    , m_budgets(databaseAddressOf(ground).dialect == store::Dialect::PostgreSql
                    ? limits::Sharing::SeveralGateways
                    : limits::Sharing::OneGateway)
    , m_forgetGatewaysAfter(ground.config.forgetGatewaysAfter)
    , m_callsKeptFor(ground.config.callsKeptFor)
    , m_resolver(ground.clock)
    , m_upstreamTls(ground.config.upstream.caFile)
{
    const net::RedisSettings &redis = ground.config.redis;
    if (redis.transport == net::RedisSettings::Transport::Tls) {
        m_redisTls.emplace(redis.caFile, net::TlsContext::Protocol::Redis);
    }
}

House::~House()
{
    close();
}

Result<std::unique_ptr<House>> House::open(const Ground &ground)
{
    std::unique_ptr<House> house(new House(ground));
    TRY_VOID(house->openStores());
    TRY_VOID(house->openSettings());
    house->makeLimits();
    TRY_VOID(house->openSealer());
    TRY_VOID(house->openKeys());
    TRY_VOID(house->openGrants());
    house->makeAlerts();
    TRY_VOID(house->makeAdmin());
    TRY_VOID(house->openContents());
    house->m_queue = std::make_unique<WorkQueue>();
    house->m_service.emplace(ServiceParts{*house->m_authenticator,
                                          house->m_permissions,
                                          ground.models.snapshots(),
                                          *house->m_ledger,
                                          house->m_budgets,
                                          house->m_rates,
                                          house->m_rateLimits,
                                          ground.metrics,
                                          ground.accessLog,
                                          *house->m_keys,
                                          *house->m_sealer,
                                          *house->m_keyStore,
                                          *house->m_budgetService,
                                          *house->m_rateLimitService,
                                          *house->m_admin,
                                          *house->m_queue,
                                          house->m_resolver,
                                          house->m_upstreamTls,
                                          ground.config.upstream,
                                          ground.config.redis,
                                          ground.config.redisDegradedMode,
                                          house->m_redisTls ? &*house->m_redisTls : nullptr,
                                          house->m_sharedStatus,
                                          house->m_grants ? &*house->m_grants : nullptr,
                                          house->m_authHook.get(),
                                          &house->m_contents->desk()});
    house->openListener();
    return house;
}

Result<void> House::openStores()
{
    TRY(const QString journal, journalName(m_ground.folder, m_ground.random));
    const auto address = databaseAddressOf(m_ground);
    m_ledgerStore.emplace(address, m_ground.clock, journal);
    m_keyStore.emplace(address, m_ground.clock, journal);
    if (address.dialect == store::Dialect::PostgreSql) {
        m_grantStore.emplace(address, m_ground.clock, journal);
    }
    TRY_VOID(m_keyStore->open());
    ledger::LedgerSettings settings = m_ground.config.ledger;
    if (settings.directory.isEmpty()) {
        settings.directory = m_ground.folder.journalFolder();
    }
    TRY(m_ledger, ledger::Ledger::start(settings, {*m_ledgerStore, m_disk, m_ground.clock}));
    return {};
}

/// Calls are answered by the settings of the database from the first on.
Result<void> House::openSettings()
{
    m_settings.emplace(SettingsRoom::Parts{*m_keyStore, m_ground.file.path(),
                                           m_ground.file.surroundings(), m_ground.useSettings});
    return m_settings->refresh();
}

void House::makeLimits()
{
    m_budgetLoader.emplace(limits::BudgetLoader::Parts{
        *m_keyStore, m_budgets, m_ground.clock, [this] { return m_ledger->flush(flushTimeout); }});
    m_budgetService.emplace(admin::BudgetService::Parts{
        *m_keyStore, m_ground.clock, m_ground.random, &*m_budgetLoader, &m_budgets});
    m_rateLoader.emplace(limits::RateLoader::Parts{*m_keyStore, m_rateLimits});
    m_rateLimitService.emplace(admin::RateLimitService::Parts{*m_keyStore, &*m_rateLoader});
}

ports::GatewayReport House::reportToOthers() const
{
    const ledger::LedgerStatus ledger = m_ledger->status();
    return {.host = QSysInfo::machineHostName(),
            .version = QString::fromLatin1(versionText),
            .lease = {},
            .openCalls = ledger.openCalls,
            .backlogBytes = ledger.backlogBytes};
}

/// Prepares for other gateways on the same database.
Result<void> House::openGrants()
{
    if (!m_grantStore) {
        return {};
    }
    // What an earlier run held goes back, once all that it settled is in the sums.
    TRY_VOID(m_ledger->flush(flushTimeout));
    TRY_VOID(m_grantStore->dropGrants());
    m_presence.emplace(limits::Presence::Parts{*m_grantStore, m_budgets, m_ground.clock,
                                               [this] { return reportToOthers(); },
                                               m_forgetGatewaysAfter});
    TRY_VOID(m_presence->begin());
    m_grantQueue = std::make_unique<WorkQueue>();
    m_grants.emplace(limits::GrantKeeper::Parts{
        *m_grantStore, m_budgets, *m_presence, m_ground.clock,
        [this](std::function<void()> work) { m_grantQueue->post(std::move(work)); }});
    return {};
}

/// Leaves other gateways all that this one does not need any more.
void House::closeGrants()
{
    if (!m_grantQueue) {
        return;
    }
    m_grantQueue.reset();
    const ledger::LedgerStatus ledger = m_ledger->status();
    if (ledger.openCalls == 0 && ledger.backlogBytes == 0) {
        // Else it is as after a crash: the next start does it.
        std::ignore = m_grantStore->dropGrants().and_then([this] { return m_grantStore->leave(); });
    }
}

Result<void> House::makeAdmin()
{
    const config::Config &config = m_ground.config;
    if (!config.mail.server.host.isEmpty() && !config.publicUrl.isEmpty()) {
        m_mailer.emplace(config.mail, net::QueuedMailer::Parts{m_ground.clock, m_ground.random});
    }
    m_logins = std::make_unique<LoginRoom>(LoginRoom::Parts{
        *m_keyStore, *m_sealer, m_pepper->derived("logins"), m_ground.clock, m_ground.random,
        [this](std::function<void()> work) { m_queue->post(std::move(work)); }, config.sso,
        config.publicUrl, m_mailer ? &*m_mailer : nullptr});
    if (m_first && !m_first->adminPassword.isEmpty()) {
        TRY(const auto hash, readAdminHash(m_ground.folder));
        TRY_VOID(m_logins->makeFirstAdmin(hash.value_or(QByteArray())));
    }
    m_admin.emplace(admin::AdminApi::Parts{*m_authenticator,
                                           *m_keyStore,
                                           *m_sealer,
                                           *m_pepper,
                                           m_ground.endpoints,
                                           m_ground.prices,
                                           m_ground.clock,
                                           m_ground.random,
                                           *m_settings,
                                           *m_budgetService,
                                           [this] { bringUpToDate(); },
                                           QString::fromLatin1(versionText),
                                           &m_logins->sessions(),
                                           m_logins->routes(),
                                           m_logins->ssoProvider(),
                                           {m_ground.config.scimTokens, m_ground.config.sso},
                                           m_alerts.get()});
    return {};
}

void House::makeAlerts()
{
    if (m_ground.config.alerts.hasChannels()) {
        m_alerts = std::make_unique<AlertRoom>(
            AlertRoom::Ground{*m_keyStore, databaseAddressOf(m_ground), m_budgets, m_ground.clock,
                              m_ground.random},
            m_ground.config.alerts, m_ground.config.instanceName);
    }
}

Result<void> House::openContents()
{
    TRY(const QString journal, journalName(m_ground.folder, m_ground.random));
    m_contents.emplace(ContentRoom::Ground{*m_keyStore, databaseAddressOf(m_ground), journal,
                                           *m_sealer, m_ground.models.snapshots(), m_ground.clock,
                                           m_callsKeptFor});
    return {};
}

Result<void> House::openSealer()
{
    const secrets::KeySources sources{qEnvironmentVariable("CREDENTIALS_DIRECTORY"),
                                      m_ground.config.kekFile, m_ground.folder.sealingKeyFile()};
    TRY(secrets::KeyRing ring, openKeyRing(sources, *m_keyStore, m_ground.random));
    m_sealer.emplace(std::move(ring), m_ground.random, [this, sources] {
        auto read = secrets::KeyRing::open(sources, secrets::IfNoKey::Fail, m_ground.random);
        return read ? std::optional(*std::move(read)) : std::nullopt;
    });
    m_modelLoader.emplace(
        routing::ModelLoader::Parts{*m_keyStore, *m_sealer, m_ground.endpoints,
                                    [this](std::vector<routing::StoredEndpoint> endpoints) {
                                        m_ground.models.useStored(std::move(endpoints));
                                    }});
    m_ringKeeper.emplace(RingKeeper::Parts{sources, *m_keyStore, *m_sealer, m_ground.random,
                                           [this] { m_modelLoader->forget(); }});
    return {};
}

void House::makeTokens()
{
    const auth::JwtSettings &jwt = m_ground.config.jwt;
    if (jwt.isEnabled) {
        m_issuerKeys.emplace(issuerKeys(jwt), m_ground.clock);
        m_tokens.emplace(auth::JwtAuthenticator::Parts{*m_issuerKeys, m_ground.clock}, jwt);
    }
    if (const auth::HookSettings &hook = m_ground.config.authHook; hook.isEnabled()) {
        m_authHook = std::make_unique<auth::HookAuthenticator>(
            auth::HookAuthenticator::Parts{hookAsker(hook), m_pepper->derived("custom-auth"),
                                           m_ground.clock},
            hook);
    }
}

/// The audit log needs it, which is told of all that is written from now on.
Result<void> House::openPepper()
{
    TRY(const bool hasKeys, m_keyStore->hasKeys());
    auto pepper = auth::Pepper::open(m_ground.folder.pepperFile(),
                                     hasKeys ? auth::IfAbsent::Fail : auth::IfAbsent::Create,
                                     m_ground.random);
    if (!pepper) {
        return failure(ApiError::storeUnavailable(pepper.error()));
    }
    m_pepper.emplace(*std::move(pepper));
    m_keyStore->useAuditMac(auth::auditMac(*m_pepper));
    return {};
}

Result<void> House::openKeys()
{
    TRY_VOID(openPepper());
    TRY_VOID(adopt(m_ground.rows));
    TRY_VOID(reload());
    m_keys.emplace(admin::KeyService::Parts{*m_keyStore, *m_pepper, m_ground.clock, m_ground.random,
                                            &m_directory, &*m_budgetService, &*m_rateLimitService});
    const Secret &configured = m_ground.config.masterKey;
    TRY(auto first,
        makeFirstSecrets(m_ground.folder, *m_keys, *m_pepper, m_ground.random,
                         configured.isEmpty() ? ConfiguredMaster::No : ConfiguredMaster::Yes));
    if (first) {
        m_first = std::make_unique<FirstSecrets>(*std::move(first));
    }
    makeTokens();
    const auth::Authenticator::Parts parts{
        m_directory, *m_pepper, m_ground.clock, &m_owners, m_tokens ? &*m_tokens : nullptr,
        &m_retired};
    if (!configured.isEmpty()) {
        m_authenticator.emplace(parts, configured);
        return {};
    }
    TRY(const auto mac, readMasterMac(m_ground.folder));
    if (mac) {
        m_authenticator.emplace(parts, *mac);
    } else {
        m_authenticator.emplace(parts, Secret());
    }
    return {};
}

std::optional<FirstSecrets> House::takeFirstSecrets()
{
    const std::unique_ptr<FirstSecrets> taken = std::move(m_first);
    return taken ? std::optional(*taken) : std::nullopt;
}

void House::openListener()
{
    const store::DatabaseAddress address = databaseAddressOf(m_ground);
    if (address.dialect == store::Dialect::PostgreSql) {
        m_listener.emplace(store::ChangeListener::Parts{address, m_ground.clock, [this] {
                                                            queueRefresh();
                                                            return m_newsRest.load();
                                                        }});
    }
}

void House::close()
{
    if (m_listener) {
        m_listener->stop();
    }
    if (m_logins) {
        m_logins->close();
    }
    if (m_authHook) {
        m_authHook->stop(); // It answers through the workers' loops.
    }
    m_queue.reset();
    if (m_mailer) {
        m_mailer->finish();
    }
    if (m_ledger) {
        m_ledger->stop();
    }
    if (m_contents) {
        m_contents->close();
    }
    closeGrants();
    if (m_alerts) {
        m_alerts->close();
    }
}

} // namespace delta::app
