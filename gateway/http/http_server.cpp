#include "gateway/http/http_server.h"

#include "gateway/http/cors.h"
#include "gateway/http/responder_reply.h"
#include "gateway/http/transport/strict_server.h"
#include "gateway/net/epoll_dispatcher.h"

#include <QHttpServerRequest>
#include <QLoggingCategory>
#include <QPointer>
#include <QSslSocket>

#include <utility>

namespace delta::http {

namespace {

/// Keeps Qt's TLS out, which nobody uses here: QtHttpServer makes a QSslConfiguration for every
/// connection, and the first of them would read all certificates of the system, for which a start
/// has no 60 ms and no memory to spare. The backend that only knows certificates reads none, and
/// would say for every connection what else it cannot do.
void keepQtTlsOut()
{
    [[maybe_unused]] static const bool isOut = [] {
        QLoggingCategory::setFilterRules(QStringLiteral("qt.network.ssl.warning=false"));
        return QSslSocket::setActiveBackend(QStringLiteral("cert-only"));
    }();
}

} // namespace

HttpServer::HttpServer(Parts parts, QObject *parent)
    : QAbstractHttpServer(parent)
    , m_settings(std::move(parts.settings))
    , m_limits(parts.limits)
    , m_handler(std::move(parts.handler))
    , m_group({net::EpollDispatcher::ofThisThread().loop(), m_settings, parts.bodies, parts.clock,
               parts.random, parts.tls})
    , m_drainTimer(m_group.loop().timers(), [this] { onDrainTimeout(); })
{
    keepQtTlsOut();
}

HttpServer::~HttpServer()
{
    m_group.cutAll();
    for (ResponderReply *reply : m_replies) {
        reply->detach();
    }
    // QtHttpServer's objects use the group until they are gone: now, not in the base class's
    // destructor.
    qDeleteAll(findChildren<QObject *>(Qt::FindDirectChildrenOnly));
}

bool HttpServer::listen(Listener listener)
{
    auto *server = new StrictServer(m_group, m_limits, this);
    if (!server->listenOn(std::move(listener)) || !bind(server)) {
        delete server;
        return false;
    }
    m_servers.push_back(server);
    return true;
}

void HttpServer::stopAccepting()
{
    for (StrictServer *server : m_servers) {
        server->stopAccepting();
    }
}

void HttpServer::drain(std::chrono::milliseconds timeout, std::function<void()> onDrained)
{
    m_onDrained = std::move(onDrained);
    stopAccepting();
    m_drainTimer.start(timeout);
    // The call comes from the loop, which may outlive the server.
    m_group.drain([self = QPointer(this)] {
        if (self) {
            self->reportDrained();
        }
    });
}

void HttpServer::onDrainTimeout()
{
    m_group.cutAll();
    // The handlers have heard that their clients are gone. One that still holds a reply is not
    // waited for.
    m_group.loop().post([self = QPointer(this)] {
        if (self) {
            self->reportDrained();
        }
    });
}

void HttpServer::reportDrained()
{
    m_drainTimer.stop();
    if (const auto onDrained = std::exchange(m_onDrained, nullptr)) {
        onDrained();
    }
}

bool HttpServer::handleRequest(const QHttpServerRequest &, QHttpServerResponder &responder)
{
    Connection *connection = m_group.reader();
    if (!connection || !connection->hasRequest()) {
        return false;
    }
    ports::HttpRequest request = connection->takeRequest();
    auto reply = std::make_unique<ResponderReply>(
        ResponderReply::Parts{*connection, responder, m_settings.corsAllowOrigin,
                              [this](ResponderReply &ended) { forget(ended); }});
    m_current = reply.get();
    if (!m_settings.corsAllowOrigin.isEmpty() && isPreflight(request)) {
        sendPreflight(request, *reply);
    } else {
        m_handler(std::move(request), std::move(reply));
    }
    if (m_current) {
        m_current->keep(std::move(responder));
        m_replies.insert(std::exchange(m_current, nullptr));
    }
    return true;
}

void HttpServer::forget(ResponderReply &ended)
{
    if (m_current == &ended) {
        m_current = nullptr;
    } else {
        m_replies.erase(&ended);
    }
}

void HttpServer::missingHandler(const QHttpServerRequest &, QHttpServerResponder &)
{
    if (Connection *connection = m_group.reader()) {
        connection->failReply();
    }
}

} // namespace delta::http
