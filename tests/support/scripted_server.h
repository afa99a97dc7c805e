#pragma once

#include "tests/support/scripted_peer.h"
#include "tests/support/tls_files.h"

#include <QByteArray>
#include <QtTypes>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

typedef struct ssl_ctx_st SSL_CTX;

namespace delta::test {

/// How a scripted server speaks TLS.
struct ScriptedTls {
    TlsIdentity identity;
    int maxVersion = 0; ///< TLS1_VERSION … TLS1_3_VERSION; zero: the newest.
};

/// A TCP or TLS server whose every connection follows a script: a function that reads and writes in
/// a straight line, on a thread of its own. Listens on 127.0.0.1, any free port, from construction
/// on.
///
///     ScriptedServer server([](ScriptedPeer &peer) {
///         while (const auto request = peer.readRequest()) {
///             peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
///         }
///     });
///     ... send requests to 127.0.0.1:server.port() ...
///     QVERIFY(eventually([&] { return server.requests().size() == 1; }));
///
/// When a script returns, its connection closes in good order. Destroying the server ends every
/// script at its next call of the peer (by ScriptStopped, which scripts must let pass) and joins
/// the threads.
class ScriptedServer
{
public:
    using Script = std::function<void(ScriptedPeer &)>;

    explicit ScriptedServer(Script script);
    ScriptedServer(Script script, const ScriptedTls &tls);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer &) = delete;
    ScriptedServer &operator=(const ScriptedServer &) = delete;

    [[nodiscard]] quint16 port() const
    {
        return m_port;
    }
    /// How many connections were accepted so far.
    [[nodiscard]] int connectionCount() const;
    /// What happened so far on the connection that was accepted as number `index`, from zero;
    /// an empty log if there is none yet.
    [[nodiscard]] ScriptedLog log(int index) const;
    /// How many connections the client has closed or reset so far.
    [[nodiscard]] int closedByClientCount() const;
    /// The first line and fields of all requests that were read so far, connection by connection.
    [[nodiscard]] std::vector<ScriptedRequest> requests() const;

private:
    struct Connection {
        std::unique_ptr<ScriptedPeer> peer;
        std::thread thread;
    };
    struct ContextFreer {
        void operator()(SSL_CTX *context) const;
    };

    void listen();
    void acceptAll();
    void run(ScriptedPeer &peer) const;

    Script m_script;
    std::unique_ptr<SSL_CTX, ContextFreer> m_context; ///< Null for plain TCP.
    ScriptedGate m_stop;
    int m_listener = -1;
    quint16 m_port = 0;
    mutable std::mutex m_mutex; ///< Guards m_connections.
    std::vector<Connection> m_connections;
    std::thread m_acceptor; ///< Last: it uses all of the above.
};

} // namespace delta::test
