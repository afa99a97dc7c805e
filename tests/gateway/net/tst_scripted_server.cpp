// labels: unit
#include "tests/support/scripted_black_hole.h"
#include "tests/support/scripted_server.h"
#include "tests/support/scripted_wait.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <QtTest>
#include <sys/socket.h>
#include <unistd.h>

using delta::test::eventually;
using delta::test::ScriptedBlackHole;
using delta::test::ScriptedGate;
using delta::test::ScriptedPeer;
using delta::test::ScriptedServer;
using delta::test::TlsFiles;

namespace {

/// A blocking client connection, so that the server is tested against something simpler than
/// itself.
class PlainClient
{
public:
    explicit PlainClient(quint16 port)
        : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_isConnected = ::connect(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof address)
            == 0;
    }
    ~PlainClient()
    {
        ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(PlainClient)

    [[nodiscard]] bool isConnected() const
    {
        return m_isConnected;
    }
    [[nodiscard]] int descriptor() const
    {
        return m_fd;
    }
    void send(QByteArrayView bytes) const
    {
        QCOMPARE(::send(m_fd, bytes.data(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL),
                 bytes.size());
    }
    /// Reads to the end; "reset" if the end was a reset.
    [[nodiscard]] QByteArray readAll() const
    {
        QByteArray all;
        char buffer[4096];
        while (true) {
            const ssize_t got = ::recv(m_fd, buffer, sizeof buffer, 0);
            if (got < 0) {
                return QByteArrayLiteral("reset");
            }
            if (got == 0) {
                return all;
            }
            all.append(buffer, got);
        }
    }

private:
    int m_fd;
    bool m_isConnected = false;
};

} // namespace

class ScriptedServerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsRequestsAndRecordsEveryByte();
    void waitsUntilToldToGoOn();
    void resetsAConnection();
    void noticesThatTheClientLeft();
    void stopsScriptsThatStillWait();
    void speaksTlsWithTheGivenIdentity();
    void blackHoleNeverAccepts();
};

void ScriptedServerTest::readsRequestsAndRecordsEveryByte()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        while (const auto request = peer.readRequest()) {
            peer.send(request->path() + '=' + request->body + ';');
        }
    });
    const QByteArray bytes =
        "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n";
    const PlainClient client(server.port());
    client.send(bytes);
    ::shutdown(client.descriptor(), SHUT_WR);
    QCOMPARE(client.readAll(), "/a=hi;/b=;");
    QCOMPARE(server.log(0).received, bytes);
    QCOMPARE(server.requests().size(), 2U);
    QCOMPARE(server.log(0).sentBytes, 10);
}

void ScriptedServerTest::waitsUntilToldToGoOn()
{
    ScriptedGate gate;
    ScriptedServer server([&gate](ScriptedPeer &peer) {
        peer.wait(gate);
        peer.send("late");
    });
    const PlainClient client(server.port());
    pollfd polled{client.descriptor(), POLLIN, 0};
    QCOMPARE(::poll(&polled, 1, 20), 0);
    gate.open();
    QCOMPARE(client.readAll(), "late");
}

void ScriptedServerTest::resetsAConnection()
{
    ScriptedServer server([](ScriptedPeer &peer) { peer.reset(); });
    const PlainClient client(server.port());
    QCOMPARE(client.readAll(), "reset");
}

void ScriptedServerTest::noticesThatTheClientLeft()
{
    ScriptedServer server([](ScriptedPeer &peer) { peer.waitForClose(); });
    {
        const PlainClient client(server.port());
        QVERIFY(eventually([&] { return server.connectionCount() == 1; }));
        QCOMPARE(server.closedByClientCount(), 0);
    }
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
}

void ScriptedServerTest::stopsScriptsThatStillWait()
{
    const ScriptedGate never;
    auto server = std::make_unique<ScriptedServer>(
        [&never](ScriptedPeer &peer) { peer.wait(never); });
    const PlainClient client(server->port());
    QVERIFY(eventually([&] { return server->connectionCount() == 1; }));
    server.reset();
    QCOMPARE(client.readAll(), "");
}

void ScriptedServerTest::speaksTlsWithTheGivenIdentity()
{
    const TlsFiles files;
    ScriptedServer server([](ScriptedPeer &peer) { peer.send(peer.readSome()); },
                          {.identity = files.localhost()});
    const PlainClient client(server.port());
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    QCOMPARE(SSL_CTX_load_verify_file(context, files.caFile().constData()), 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL *ssl = SSL_new(context);
    SSL_set1_host(ssl, "localhost");
    SSL_set_fd(ssl, client.descriptor());
    QCOMPARE(SSL_connect(ssl), 1);
    QCOMPARE(SSL_write(ssl, "echo", 4), 4);
    char buffer[8];
    QCOMPARE(SSL_read(ssl, buffer, sizeof buffer), 4);
    SSL_free(ssl);
    SSL_CTX_free(context);
    QVERIFY(server.log(0).isTlsEstablished);
    QCOMPARE(server.log(0).received, "echo");
}

void ScriptedServerTest::blackHoleNeverAccepts()
{
    const ScriptedBlackHole hole;
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(hole.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    QCOMPARE(::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address), -1);
    QCOMPARE(errno, EINPROGRESS);
    pollfd polled{fd, POLLOUT, 0};
    QCOMPARE(::poll(&polled, 1, 100), 0);
    ::close(fd);
}

QTEST_GUILESS_MAIN(ScriptedServerTest)
#include "tst_scripted_server.moc"
