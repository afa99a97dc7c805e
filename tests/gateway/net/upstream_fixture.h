#pragma once

#include "gateway/net/curl_client.h"
#include "gateway/net/lean_client.h"
#include "gateway/net/thread_resolver.h"
#include "gateway/net/tls_context.h"
#include "tests/support/loop_main.h"
#include "tests/support/scripted_server.h"
#include "tests/support/scripted_wait.h"

#include <QtTest>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace delta::test {

/// Which implementation of the upstream client a test runs on.
enum class ClientKind { Lean, Curl };

/// Declares the rows of initTestCase_data(): every test of the class runs on both clients.
inline void addClientKinds()
{
    QTest::addColumn<ClientKind>("kind");
    QTest::newRow("lean") << ClientKind::Lean;
    QTest::newRow("curl") << ClientKind::Curl;
}

/// Writes down what a client tells, and does what a test wants done at that moment.
class RecordingSink final : public ports::UpstreamSink
{
public:
    void onHead(const ports::UpstreamHead &received) override
    {
        ++headCount;
        head = received;
        if (whenHead) {
            whenHead();
        }
    }
    void onBody(QByteArrayView piece) override
    {
        body += piece;
        ++pieceCount;
        if (whenBody) {
            whenBody();
        }
    }
    void onEnd() override
    {
        ++endCount;
        if (whenOver) {
            whenOver();
        }
    }
    void onError(const ports::UpstreamError &failure) override
    {
        ++endCount;
        error = failure;
        if (whenOver) {
            whenOver();
        }
    }
    [[nodiscard]] bool isOver() const
    {
        return endCount > 0;
    }

    std::function<void()> whenHead;
    std::function<void()> whenBody;
    std::function<void()> whenOver;
    int headCount = 0;
    int pieceCount = 0;
    int endCount = 0;
    ports::UpstreamHead head;
    QByteArray body;
    std::optional<ports::UpstreamError> error;
};

/// A client of the kind that the running test asks for, and all that it needs.
class UpstreamFixture
{
public:
    explicit UpstreamFixture(const net::UpstreamSettings &settings = {})
        : m_resolver(m_clock)
        , m_tls(settings.caFile)
    {
        QFETCH_GLOBAL(const ClientKind, kind);
        net::EventLoop &loop = net::EpollDispatcher::ofThisThread().loop();
        if (kind == ClientKind::Lean) {
            m_client = std::make_unique<net::LeanClient>(
                net::LeanClient::Parts{loop, m_resolver, m_tls}, settings);
        } else {
            m_client = std::make_unique<net::CurlClient>(loop, settings);
        }
    }

    [[nodiscard]] std::unique_ptr<ports::UpstreamExchange> send(ports::UpstreamRequest request,
                                                                ports::UpstreamSink &sink)
    {
        return m_client->send(std::move(request), sink);
    }
    /// Sends the request and turns the loop until the exchange is over.
    [[nodiscard]] bool run(ports::UpstreamRequest request, RecordingSink &sink)
    {
        const auto exchange = send(std::move(request), sink);
        return eventually([&sink] { return sink.isOver(); });
    }
    /// Destroys the client.
    void reset()
    {
        m_client.reset();
    }

private:
    SystemClock m_clock;
    net::ThreadResolver m_resolver;
    net::TlsContext m_tls;
    std::unique_ptr<ports::UpstreamClient> m_client;
};

/// A request to a server of this machine, with short bodies and without deadlines that could strike
/// on a busy machine.
inline ports::UpstreamRequest requestTo(quint16 port, const QByteArray &path = "/")
{
    ports::UpstreamRequest request;
    request.origin = {ports::Scheme::Http, "127.0.0.1", port, ports::PeerCheck::Verify};
    request.method = "POST";
    request.path = path;
    request.fields = {{"content-type", "application/json"}};
    request.body = {"{\"a\":", "1}"};
    return request;
}

/// As requestTo(), but safe to repeat.
inline ports::UpstreamRequest getFrom(quint16 port)
{
    ports::UpstreamRequest request = requestTo(port);
    request.method = "GET";
    request.body.clear();
    return request;
}

/// As requestTo(), by TLS to `localhost`.
inline ports::UpstreamRequest tlsRequestTo(quint16 port, const QByteArray &host = "localhost")
{
    ports::UpstreamRequest request = requestTo(port);
    request.origin.scheme = ports::Scheme::Https;
    request.origin.host = host;
    return request;
}

/// A script that answers every request of a connection with the same bytes.
inline ScriptedServer::Script answering(const QByteArray &response)
{
    return [response](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.send(response);
        }
    };
}

inline const QByteArray okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace delta::test
