#pragma once

#include "gateway/http/http_server.h"
#include "gateway/http/transport/body_budget.h"
#include "gateway/http/transport/connection_limits.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/support/turn_loop.h"

#include <memory>
#include <utility>
#include <vector>

namespace delta::test {

/// A request as a handler saw it, copied.
struct SeenRequest {
    QByteArray id;
    QByteArray clientId;
    QByteArray method;
    QByteArray path;
    QByteArray query;
    QByteArray body;
    QByteArray peer;
    qsizetype bodyCapacity = 0;
    std::vector<std::pair<QByteArray, QByteArray>> fields;

    explicit SeenRequest(const ports::HttpRequest &request)
        : id(request.id)
        , clientId(request.clientId)
        , method(request.method.toByteArray())
        , path(request.path.toByteArray())
        , query(request.query.toByteArray())
        , body(request.body)
        , peer(request.peer)
        , bodyCapacity(request.body.capacity())
    {
        for (const auto &[name, value] : request.fields) {
            fields.emplace_back(name.toByteArray(), value.toByteArray());
        }
    }
};

/// Hears of a reply what its handler would.
struct Ear final : ports::HttpReplyListener {
    int writable = 0;
    int gone = 0;

    void onWritable() override
    {
        ++writable;
    }
    void onClientGone() override
    {
        ++gone;
    }
};

/// A running edge on a free port of the loopback, with a handler that answers "ok" at once, except
/// below /hold: there it keeps the reply for the test.
class Edge final
{
public:
    explicit Edge(http::EdgeSettings settings = {}, http::TlsContext *tls = nullptr)
        : limits(settings.maxConnections, settings.maxConnectionsPerAddress)
        , bodies(settings.maxBufferedBodyBytes)
        , server(std::make_unique<http::HttpServer>(http::HttpServer::Parts{
              std::move(settings), limits, bodies, clock, random, tls,
              [this](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) {
                  serve(std::move(request), std::move(reply));
              }}))
    {
        auto listeners = http::openListeners({"127.0.0.1", 0}, 1);
        port = http::portOf(listeners->front());
        isListening = server->listen(std::move(listeners->front()));
    }

    void serve(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply)
    {
        seen.emplace_back(request);
        if (handler) {
            handler(std::move(request), std::move(reply));
        } else if (request.path.startsWith("/hold")) {
            held.push_back(std::move(reply));
        } else {
            reply->send(200, {{"content-type", "text/plain"}}, "ok");
        }
    }

    /// Waits until that many requests have come, and says whether they have.
    bool waitForRequests(std::size_t count)
    {
        return turnLoopUntil([&] { return seen.size() >= count; });
    }

    SystemClock clock;
    SystemRandom random;
    http::ConnectionLimits limits;
    http::BodyBudget bodies;
    std::vector<SeenRequest> seen;
    ports::HttpHandler handler; ///< Replaces the handler described above.
    std::vector<std::unique_ptr<ports::HttpReply>> held;
    quint16 port = 0;
    bool isListening = false;
    std::unique_ptr<http::HttpServer> server;
};

} // namespace delta::test
