#pragma once

#include "gateway/admin/admin_api.h"
#include "gateway/admin/budget_service.h"
#include "gateway/admin/health_api.h"
#include "gateway/admin/key_service.h"
#include "gateway/admin/rate_limit_service.h"
#include "gateway/app/service_state.h"
#include "gateway/app/work_queue.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/hook/hook_authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/content/content_desk.h"
#include "gateway/http/edge_settings.h"
#include "gateway/http/listener.h"
#include "gateway/http/transport/body_budget.h"
#include "gateway/http/transport/connection_limits.h"
#include "gateway/http/transport/tls_context.h"
#include "gateway/ledger/ledger.h"
#include "gateway/limits/budget_book.h"
#include "gateway/limits/grant_keeper.h"
#include "gateway/limits/rate_book.h"
#include "gateway/limits/rate_directory.h"
#include "gateway/net/redis_settings.h"
#include "gateway/net/resolver.h"
#include "gateway/net/tls_context.h"
#include "gateway/net/upstream_settings.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/ports/sealer.h"
#include "gateway/ports/shared_store.h"
#include "gateway/store/store.h"
#include "gateway/telemetry/access_log.h"
#include "gateway/telemetry/metrics.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>
#include <vector>

namespace delta::app {

/// What a worker needs to listen and to say how it is. Borrowed; outlives the workers.
struct EdgeParts {
    const ServiceState &state;
    const telemetry::Metrics &metrics;
    http::ConnectionLimits &connectionLimits;
    http::BodyBudget &bodyBudget;
    http::TlsContext *tls = nullptr; ///< Null: plain HTTP.
    const Clock &clock;
    Random &random;
    std::function<admin::HealthReport()> health;
    http::EdgeSettings edge;
};

/// What a worker needs beyond that to answer calls, once the store is open. Borrowed likewise.
struct ServiceParts {
    const auth::Authenticator &authenticator;
    const auth::Permissions &permissions;
    const pipeline::SnapshotSource &snapshots;
    ledger::Ledger &ledger;
    limits::BudgetBook &budgets;
    limits::RateBook &rates;
    const limits::RateDirectory &rateLimits;
    telemetry::Metrics &metrics;
    telemetry::AccessLog &accessLog;
    admin::KeyService &keys;                   ///< On the store queue only.
    ports::Sealer &sealer;                     ///< Safe from any thread.
    store::Store &store;                       ///< On the store queue only.
    admin::BudgetService &budgetService;       ///< On the store queue only.
    admin::RateLimitService &rateLimitService; ///< On the store queue only.
    admin::AdminApi &admin;
    WorkQueue &storeQueue;
    net::Resolver &resolver;
    const net::TlsContext &upstreamTls;
    net::UpstreamSettings upstream;
    net::RedisSettings redis; ///< Without a place: limits are not shared.
    ports::DegradedMode degradedMode;
    const net::TlsContext *redisTls; ///< Null where TLS is not spoken with Redis.
    ports::SharedStoreStatus &sharedStatus;
    limits::GrantKeeper *grants = nullptr;       ///< Null: no gateway shares the budgets.
    auth::HookAuthenticator *authHook = nullptr; ///< Null: nobody outside is asked who calls.
    content::ContentDesk *contents = nullptr;    ///< Null: nothing is kept of calls.
};

/// One loop thread: its listeners, its edge, its upstream pool, its pipeline. A call never leaves
/// it.
class Worker final
{
public:
    /// Starts the thread and returns when it serves the listeners: health and metrics at first, and
    /// a clear refusal of everything else.
    Worker(const EdgeParts &parts, std::vector<http::Listener> listeners);
    /// Ends the thread; what is left is cut.
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    /// Begins to answer calls, and returns when it does: nobody may be told before that the gateway is
    /// ready. Called once.
    void open(const ServiceParts &parts);
    /// Stops accepting and lets what runs finish for at most `timeout`; then calls `onDrained`, on
    /// the worker's thread. Safe from any thread.
    void drain(std::chrono::milliseconds timeout, std::function<void()> onDrained);
    /// Runs `work` on the worker's thread, in a later turn of its loop. Safe from any thread.
    void post(std::function<void()> work);

    /// Returns how many calls are under way. Safe from any thread.
    [[nodiscard]] qint64 inFlight() const
    {
        return m_inFlight.load(std::memory_order_relaxed);
    }

private:
    struct Room;
    struct Service;

    void run(std::vector<http::Listener> listeners);

    const EdgeParts &m_parts;
    std::atomic<qint64> m_inFlight = 0;
    std::unique_ptr<Room> m_room; ///< Made, used and destroyed on the thread.
    std::binary_semaphore m_isServing{0};
    std::binary_semaphore m_hasEnded{0};
    std::unique_ptr<QThread> m_thread;
};

} // namespace delta::app
