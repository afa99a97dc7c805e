#pragma once

#include "gateway/http/edge_settings.h"
#include "gateway/http/listener.h"
#include "gateway/http/transport/connection_group.h"
#include "gateway/ports/http_request.h"

#include <QAbstractHttpServer>

#include <chrono>
#include <functional>
#include <unordered_set>
#include <vector>

namespace delta::http {

class BodyBudget;
class ConnectionLimits;
class ResponderReply;
class StrictServer;
class TlsContext;

/// The HTTP edge of one loop thread: QtHttpServer on the strict transport. Every request goes to
/// one handler, on this thread. Create, use and destroy it on a thread that runs on the
/// EpollDispatcher.
class HttpServer final : public QAbstractHttpServer
{
    Q_OBJECT
public:
    /// Borrows everything but the settings and the handler; `limits`, `bodies` and `tls` are shared
    /// by all threads.
    struct Parts {
        EdgeSettings settings;
        ConnectionLimits &limits;
        BodyBudget &bodies;
        const Clock &clock;
        Random &random;
        TlsContext *tls = nullptr; ///< Null: plain HTTP.
        ports::HttpHandler handler;
    };

    explicit HttpServer(Parts parts, QObject *parent = nullptr);
    /// Cuts what is left. Replies that handlers still hold stay valid and reach nobody.
    ~HttpServer() override;

    /// Begins to serve a listener; may be called for several. False if the descriptor does not
    /// listen.
    [[nodiscard]] bool listen(Listener listener);
    /// Accepts no further connections, now or ever.
    void stopAccepting();
    /// Stops accepting, closes idle connections, and ends the others after the request in progress;
    /// what is left after `timeout` is cut. Then calls `onDrained`, in a turn of the loop of its
    /// own.
    void drain(std::chrono::milliseconds timeout, std::function<void()> onDrained);

    [[nodiscard]] int connectionCount() const
    {
        return m_group.connectionCount();
    }
    /// Returns how many requests are with the handler.
    [[nodiscard]] int pendingCount() const
    {
        return m_group.pendingCount();
    }

protected:
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &responder) override;
    void missingHandler(const QHttpServerRequest &request,
                        QHttpServerResponder &responder) override;

private:
    void forget(ResponderReply &ended);
    void onDrainTimeout();
    void reportDrained();

    const EdgeSettings m_settings;
    ConnectionLimits &m_limits;
    ports::HttpHandler m_handler;
    ConnectionGroup m_group;
    std::vector<StrictServer *> m_servers; ///< Owned by QtHttpServer, as its children.
    ResponderReply *m_current = nullptr; ///< The one whose handler is being called, until it ends.
    std::unordered_set<ResponderReply *>
        m_replies; ///< Those that outlived the call of their handler.
    net::Timer m_drainTimer;
    std::function<void()> m_onDrained;
};

} // namespace delta::http
