#include "gateway/app/worker.h"

#include "gateway/admin/budget_api.h"
#include "gateway/admin/json_reply.h"
#include "gateway/admin/key_api.h"
#include "gateway/admin/rate_limit_api.h"
#include "gateway/admin/spend_api.h"
#include "gateway/app/loop_background.h"
#include "gateway/app/routes.h"
#include "gateway/app/shared_limits.h"
#include "gateway/http/http_server.h"
#include "gateway/net/curl_client.h"
#include "gateway/net/epoll_dispatcher.h"
#include "gateway/net/lean_client.h"
#include "gateway/pipeline/caller_desk.h"
#include "gateway/pipeline/completion_pipeline.h"
#include "gateway/pipeline/grant_desk.h"
#include "gateway/pipeline/model_listing.h"

#include <QEventLoop>

#include <utility>

namespace delta::app {

namespace {

/// Only libcurl knows how to speak to a forward proxy; without one the lean client costs less.
std::unique_ptr<ports::UpstreamClient> makeUpstreamClient(const ServiceParts &parts,
                                                          net::EventLoop &loop)
{
    if (!parts.upstream.proxy.isEmpty()) {
        return std::make_unique<net::CurlClient>(loop, parts.upstream);
    }
    return std::make_unique<net::LeanClient>(
        net::LeanClient::Parts{loop, parts.resolver, parts.upstreamTls}, parts.upstream);
}

/// Returns null where limits are not shared.
std::unique_ptr<SharedLimits> makeSharedLimits(const EdgeParts &edge, const ServiceParts &parts,
                                               net::EventLoop &loop)
{
    if (!parts.redis.isConfigured()) {
        return nullptr;
    }
    return std::make_unique<SharedLimits>(
        net::RedisClient::Parts{
            {loop, parts.resolver, parts.redisTls}, edge.clock, edge.random, parts.sharedStatus},
        parts.redis, parts.degradedMode);
}

std::unique_ptr<pipeline::GrantDesk> makeGrantDesk(const ServiceParts &parts, net::EventLoop &loop)
{
    return parts.grants ? std::make_unique<pipeline::GrantDesk>(*parts.grants, loop) : nullptr;
}

} // namespace

/// What answers calls on one loop thread, in the order in which it is needed.
struct Worker::Service {
    Service(const EdgeParts &edge, const ServiceParts &parts, net::EventLoop &loop,
            std::atomic<qint64> &inFlight)
        : upstream(makeUpstreamClient(parts, loop))
        , background(parts.storeQueue, loop)
        , shared(makeSharedLimits(edge, parts, loop))
        , grants(makeGrantDesk(parts, loop))
        , callers({parts.authenticator, parts.authHook, loop})
        , pipeline({parts.authenticator, parts.permissions, parts.snapshots, *upstream,
                    parts.ledger, parts.budgets, parts.rates, parts.rateLimits,
                    parts.metrics.makeRecorder(), parts.accessLog, edge.clock, loop, inFlight,
                    shared ? &shared->rates() : nullptr, grants.get(), &callers, parts.contents})
        , models({parts.authenticator, parts.permissions, parts.snapshots, edge.clock, &callers})
        , keys({parts.authenticator, parts.permissions, parts.keys, background, parts.store})
        , budgets({parts.authenticator, parts.permissions, parts.budgetService, background,
                   parts.store})
        , rateLimits({parts.authenticator, parts.permissions, parts.rateLimitService, background,
                      parts.store})
        , spend({parts.authenticator, parts.permissions, parts.store, background})
        , routes(makeServiceRoutes({pipeline, models, keys, budgets, rateLimits, spend, parts.admin,
                                    background, loop.timers(),
                                    [&state = edge.state] { return state.refusal().has_value(); }}))
    {
    }
    ~Service()
    {
        if (shared) {
            shared->stop(); // Who waits for it goes on in the pipeline, which is still here.
        }
    }
    Q_DISABLE_COPY_MOVE(Service)

    std::unique_ptr<ports::UpstreamClient> upstream;
    LoopBackground background;
    std::unique_ptr<SharedLimits> shared;        ///< Null: limits are this gateway's alone.
    std::unique_ptr<pipeline::GrantDesk> grants; ///< Null: no gateway shares the budgets.
    pipeline::CallerDesk callers;
    pipeline::CompletionPipeline pipeline;
    pipeline::ModelListing models;
    admin::KeyApi keys;
    admin::BudgetApi budgets;
    admin::RateLimitApi rateLimits;
    admin::SpendApi spend;
    http::RouteTable routes;
};

/// Everything that lives on one loop thread.
struct Worker::Room {
    Room(const EdgeParts &parts, net::EventLoop &threadLoop)
        : edge(parts)
        , loop(threadLoop)
        , health(parts.health)
        , operations(makeOperationRoutes({health, parts.metrics}))
        , server({.settings = parts.edge,
                  .limits = parts.connectionLimits,
                  .bodies = parts.bodyBudget,
                  .clock = parts.clock,
                  .random = parts.random,
                  .tls = parts.tls,
                  .handler = [this](ports::HttpRequest request,
                                    std::unique_ptr<ports::HttpReply> reply) {
                      serve(std::move(request), std::move(reply));
                  }})
    {
    }

    void serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
    {
        if (isOperationPath(request.path)) {
            operations.serve(std::move(request), std::move(reply));
        } else if (const auto refusal = edge.state.refusal(); refusal || !service) {
            admin::sendError(*reply, refusal.value_or(ApiError::shuttingDown()));
        } else {
            service->routes.serve(std::move(request), std::move(reply));
        }
    }

    const EdgeParts &edge;
    net::EventLoop &loop;
    admin::HealthApi health;
    http::RouteTable operations;
    std::unique_ptr<Service> service; ///< Null until the store is open.
    http::HttpServer server;          ///< Last: its replies end before what answers them.
};

Worker::Worker(const EdgeParts &parts, std::vector<http::Listener> listeners)
    : m_parts(parts)
    , m_thread(QThread::create(
          [this, taken = std::move(listeners)]() mutable { run(std::move(taken)); }))
{
    m_thread->setObjectName(QStringLiteral("worker"));      // What the system calls the thread.
    m_thread->setEventDispatcher(new net::EpollDispatcher); // The thread takes ownership.
    m_thread->start();
    m_isServing.acquire();
}

Worker::~Worker()
{
    m_thread->quit();
    m_hasEnded.acquire(); // What it did last is seen here, also by tools that do not know QThread.
    m_thread->wait();
}

void Worker::run(std::vector<http::Listener> listeners)
{
    QEventLoop turns;
    m_room = std::make_unique<Room>(m_parts, net::EpollDispatcher::ofThisThread().loop());
    for (http::Listener &listener : listeners) {
        if (!m_room->server.listen(std::move(listener))) {
            qFatal("a listening socket turned out not to listen");
        }
    }
    m_isServing.release();
    turns.exec();
    m_room.reset();
    m_hasEnded.release();
}

void Worker::open(const ServiceParts &parts)
{
    m_room->loop.post([this, &parts] {
        m_room->service = std::make_unique<Service>(m_parts, parts, m_room->loop, m_inFlight);
        m_isServing.release();
    });
    m_isServing.acquire();
}

void Worker::post(std::function<void()> work)
{
    m_room->loop.post(std::move(work));
}

void Worker::drain(std::chrono::milliseconds timeout, std::function<void()> onDrained)
{
    m_room->loop.post([this, timeout, onDrained = std::move(onDrained)] {
        m_room->server.drain(timeout, onDrained);
    });
}

} // namespace delta::app
