#pragma once

#include "gateway/admin/admin_api.h"
#include "gateway/admin/budget_service.h"
#include "gateway/admin/key_service.h"
#include "gateway/admin/rate_limit_service.h"
#include "gateway/app/alert_room.h"
#include "gateway/app/configuration.h"
#include "gateway/app/content_room.h"
#include "gateway/app/login_room.h"
#include "gateway/app/models_in_force.h"
#include "gateway/app/ring_keeper.h"
#include "gateway/app/settings_room.h"
#include "gateway/app/state_folder.h"
#include "gateway/app/work_queue.h"
#include "gateway/app/worker.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/hook/hook_authenticator.h"
#include "gateway/auth/jwt/jwks_source.h"
#include "gateway/auth/jwt/jwt_authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/auth/retired_secrets.h"
#include "gateway/config/config.h"
#include "gateway/config/reloadable_config.h"
#include "gateway/ledger/ledger.h"
#include "gateway/ledger/system_disk.h"
#include "gateway/limits/budget_book.h"
#include "gateway/limits/budget_loader.h"
#include "gateway/limits/grant_keeper.h"
#include "gateway/limits/presence.h"
#include "gateway/limits/rate_book.h"
#include "gateway/limits/rate_directory.h"
#include "gateway/limits/rate_loader.h"
#include "gateway/net/queued_mailer.h"
#include "gateway/net/thread_resolver.h"
#include "gateway/net/tls_context.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/routing/model_loader.h"
#include "gateway/secrets/envelope.h"
#include "gateway/store/change_listener.h"
#include "gateway/store/store.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace delta::app {

struct FirstSecrets;

/// What exists once the store is open: keys, ledger, and what calls are answered with. Made whole
/// or not at all.
class House
{
public:
    /// What a house is built from. Borrowed; outlives it.
    struct Ground {
        const StateFolder &folder;
        const config::Config &config; ///< Read during open() only.
        /// Those of the configuration that was loaded last. Read during open() only.
        const ConfiguredRows &rows;
        ModelsInForce &models;
        const routing::EndpointMaker &endpoints;
        const PriceBook &prices;
        telemetry::Metrics &metrics;
        telemetry::AccessLog &accessLog;
        const Clock &clock;
        Random &random;
        const config::ReloadableConfig &file; ///< Read during open() only.
        /// Told of the settings that the database has, when it is opened, on the thread that does that, and whenever
        /// they change, on the main loop.
        std::function<void(const QJsonObject &values)> useSettings;
    };

    /// Opens the store, the journal, the pepper and the sealing keys, and loads the keys. Errors: StoreUnavailable;
    /// it may be tried again.
    [[nodiscard]] static Result<std::unique_ptr<House>> open(const Ground &ground);
    ~House();
    House(const House &) = delete;
    House &operator=(const House &) = delete;

    /// Returns what workers answer calls with.
    [[nodiscard]] const ServiceParts &service() const
    {
        return *m_service;
    }
    /// Returns the secrets that this opening made, and forgets them; nothing if it made none.
    [[nodiscard]] std::optional<FirstSecrets> takeFirstSecrets();
    [[nodiscard]] ledger::LedgerStatus ledgerStatus() const
    {
        return m_ledger->status();
    }
    /// Returns how the connections to Redis do; all well without Redis.
    [[nodiscard]] const ports::SharedStoreStatus &sharedStatus() const
    {
        return m_sharedStatus;
    }
    /// Returns what tells people of budgets; null: nothing does.
    [[nodiscard]] const AlertRoom *alerts() const
    {
        return m_alerts.get();
    }
    /// Returns what keeps what calls ask and are answered.
    [[nodiscard]] const ContentRoom &contents() const
    {
        return *m_contents;
    }
    /// Returns what knows of the other gateways; null: this one is alone.
    [[nodiscard]] const limits::Presence *presence() const
    {
        return m_presence ? &*m_presence : nullptr;
    }
    /// Returns what hears of changes by other processes; null: they are only looked for.
    [[nodiscard]] const store::ChangeListener *listener() const
    {
        return m_listener ? &*m_listener : nullptr;
    }
    /// Returns how often refresh() is to be called.
    [[nodiscard]] std::chrono::milliseconds lookInterval() const;
    /// Has the keys, budgets and rate limits brought up to date if another process changed any, and looks whether
    /// people are to be told of a budget. Returns at once.
    void refresh();
    /// Has the database show what a configuration has that was loaded anew: its budgets are those of the database.
    /// Returns at once; where the store does not answer it is tried again with each refresh().
    void adoptRows(ConfiguredRows rows);
    /// Finishes what the store is asked for, syncs the journal and brings the store up to date.
    void close();

private:
    explicit House(const Ground &ground);
    [[nodiscard]] Result<void> openStores();
    void makeLimits();
    [[nodiscard]] Result<void> makeAdmin();
    void makeAlerts();
    [[nodiscard]] Result<void> openContents();
    void makeTokens();
    [[nodiscard]] ports::GatewayReport reportToOthers() const;
    [[nodiscard]] Result<void> openGrants();
    void closeGrants();
    [[nodiscard]] Result<void> openSealer();
    [[nodiscard]] Result<void> openPepper();
    [[nodiscard]] Result<void> openSettings();
    [[nodiscard]] Result<void> openKeys();
    void openListener();
    void queueRefresh();
    void bringUpToDate();
    void removeOldCalls();
    void noteAuditHead();
    [[nodiscard]] Result<void> adopt(const ConfiguredRows &rows);
    [[nodiscard]] Result<void> loadLimits();
    [[nodiscard]] Result<void> reload();

    Ground m_ground;
    std::optional<store::Store> m_ledgerStore; ///< The ledger's own.
    std::optional<store::Store> m_keyStore; ///< Of the store queue; of the opening thread before.
    std::optional<SettingsRoom> m_settings;
    std::optional<store::Store>
        m_grantStore; ///< Of its own queue; absent where no gateway shares it.
    ledger::SystemDisk m_disk;
    std::unique_ptr<ledger::Ledger> m_ledger;
    limits::BudgetBook m_budgets;
    std::optional<limits::Presence> m_presence;  ///< Of the grant queue; so the next.
    std::optional<limits::GrantKeeper> m_grants; ///< Absent: this gateway is alone.
    limits::RateBook m_rates;
    limits::RateDirectory m_rateLimits;
    std::optional<limits::RateLoader> m_rateLoader; ///< Of the store queue; so the next three.
    std::optional<admin::RateLimitService> m_rateLimitService;
    std::optional<limits::BudgetLoader> m_budgetLoader;
    std::optional<admin::BudgetService> m_budgetService;
    /// After which time without a sign other gateways are forgotten; absent: never.
    const std::optional<std::chrono::milliseconds> m_forgetGatewaysAfter;
    /// Of a configuration that was loaded anew, until the store has them; the store queue's.
    std::optional<ConfiguredRows> m_newRows;
    /// For how long calls are kept; absent: for ever.
    const std::optional<std::chrono::milliseconds> m_callsKeptFor;
    SteadyTime m_nextRemoval{};     ///< Of older ones; the store queue's.
    SteadyTime m_nextCheckpoint{};  ///< Of the audit log; the store queue's, as the next.
    qint64 m_checkpoint = 0;        ///< The record that was told of last.
    bool m_isTroubleLogged = false; ///< Of the store queue.
    std::atomic<bool> m_isRefreshQueued = false;
    /// For how long the news of a change is waited with after one was looked at.
    std::atomic<std::chrono::milliseconds> m_newsRest{};
    std::optional<secrets::Envelope> m_sealer;
    std::optional<routing::ModelLoader> m_modelLoader; ///< Of the store queue.
    std::optional<RingKeeper> m_ringKeeper;            ///< Likewise.
    std::optional<auth::Pepper> m_pepper;
    auth::OwnerDirectory m_owners;
    auth::KeyDirectory m_directory;
    auth::RetiredSecrets m_retired;
    auth::Permissions m_permissions;
    std::optional<auth::JwksSource>
        m_issuerKeys; ///< Absent where no tokens are accepted; so the next.
    std::optional<auth::JwtAuthenticator> m_tokens;
    std::unique_ptr<auth::HookAuthenticator> m_authHook; ///< Null: nobody outside is asked.
    std::optional<auth::Authenticator> m_authenticator;
    std::optional<admin::KeyService> m_keys;
    std::optional<net::QueuedMailer> m_mailer; ///< Absent: no letters are sent.
    std::unique_ptr<LoginRoom> m_logins;       ///< Of the store queue.
    std::optional<admin::AdminApi> m_admin;    ///< Of the store queue, but for its routes.
    std::unique_ptr<AlertRoom> m_alerts;       ///< Null: nobody is told of budgets.
    std::optional<ContentRoom> m_contents;     ///< Of the store queue, but for its desk.
    std::unique_ptr<FirstSecrets> m_first;
    net::ThreadResolver m_resolver;
    net::TlsContext m_upstreamTls;
    std::optional<net::TlsContext> m_redisTls;
    ports::SharedStoreStatus m_sharedStatus;
    std::optional<ServiceParts> m_service;
    std::unique_ptr<WorkQueue> m_grantQueue; ///< Null: there are no grants.
    std::unique_ptr<WorkQueue> m_queue;      ///< Its work uses all of the above.
    std::optional<store::ChangeListener>
        m_listener; ///< Absent with SQLite. Last: it gives the queue work.
};

} // namespace delta::app
