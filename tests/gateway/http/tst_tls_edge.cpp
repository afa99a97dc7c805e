// labels: hostile
// links: OpenSSL::SSL
#include "gateway/http/transport/tls_context.h"
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"
#include "tests/support/tls_files.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <QFile>
#include <QtTest>
#include <sys/socket.h>

#include <thread>

using namespace delta;
using test::Edge;
using test::RawClient;
using namespace std::chrono_literals;

namespace {

/// What a TLS client does with its one connection.
struct TlsPlan {
    QByteArray request;
    int version = TLS1_3_VERSION;
    QByteArray protocols; ///< ALPN, as on the wire; empty: none.
    bool renegotiates = false;
};

/// What it saw.
struct TlsOutcome {
    bool hasShaken = false;
    QByteArray protocol;
    QByteArray subject;  ///< Of the server's certificate.
    QByteArray received; ///< Up to the server's end of the connection.
};

TlsOutcome talk(SSL *ssl, const TlsPlan &plan)
{
    TlsOutcome outcome;
    outcome.hasShaken = SSL_connect(ssl) == 1;
    if (!outcome.hasShaken) {
        return outcome;
    }
    const unsigned char *protocol = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    outcome.protocol = QByteArray(reinterpret_cast<const char *>(protocol), size);
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    char subject[200] = {};
    X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject);
    outcome.subject = subject;
    if (plan.renegotiates) {
        SSL_renegotiate(ssl);
        outcome.hasShaken = SSL_do_handshake(ssl) == 1;
    }
    (void)SSL_write(ssl, plan.request.constData(), static_cast<int>(plan.request.size()));
    char buffer[16 * 1024];
    for (int count = SSL_read(ssl, buffer, sizeof buffer); count > 0;
         count = SSL_read(ssl, buffer, sizeof buffer)) {
        outcome.received.append(buffer, count);
    }
    return outcome;
}

TlsOutcome runClient(quint16 port, const TlsPlan &plan)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(
        context, 0); // Old versions are allowed here; refusing them is the server's part.
    SSL_CTX_set_min_proto_version(context, plan.version);
    SSL_CTX_set_max_proto_version(context, plan.version);
    SSL *ssl = SSL_new(context);
    if (!plan.protocols.isEmpty()) {
        SSL_set_alpn_protos(ssl,
                            reinterpret_cast<const unsigned char *>(plan.protocols.constData()),
                            static_cast<unsigned int>(plan.protocols.size()));
    }
    const http::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address);
    SSL_set_fd(ssl, fd.get());
    TlsOutcome outcome = talk(ssl, plan);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return outcome;
}

/// Runs the client on a thread of its own while the server's loop turns here.
TlsOutcome callEdge(quint16 port, const TlsPlan &plan)
{
    auto &loop = net::EpollDispatcher::ofThisThread().loop();
    TlsOutcome outcome;
    bool isOver = false;
    std::thread thread([&] {
        outcome = runClient(port, plan);
        loop.post([&isOver] { isOver = true; });
    });
    const bool isInTime = test::turnLoopUntil([&isOver] { return isOver; });
    thread.join();
    return isInTime ? outcome : TlsOutcome();
}

const QByteArray getAndClose = "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

} // namespace

class TlsEdgeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void serves_data();
    void serves();
    void refusesHandshakes_data();
    void refusesHandshakes();
    void choosesHttp11();
    void refusesRenegotiation();
    void takesAndSendsLargeBodies();
    void answersPipelinedRequests();
    void tellsAPlainClientToUseTls();
    void closesOnGarbage();
    void closesASlowHandshake();
    void reportsAClientThatCutTheLine();
    void reloadsItsCertificateForNewConnections();
    void keepsItsCertificateIfTheNewOneIsBad();
    void saysWhatIsWrongWithItsFiles();

private:
    test::TlsFiles m_files;
    std::unique_ptr<http::TlsContext> m_tls;
};

void TlsEdgeTest::init()
{
    const test::TlsIdentity identity = m_files.localhost();
    auto loaded = http::TlsContext::load(identity.certificateFile, identity.keyFile);
    QVERIFY2(loaded.has_value(), loaded ? "" : qPrintable(loaded.error()));
    m_tls = std::move(*loaded);
}

void TlsEdgeTest::serves_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

void TlsEdgeTest::serves()
{
    QFETCH(const int, version);
    Edge edge({}, m_tls.get());

    const TlsOutcome outcome = callEdge(
        edge.port, {.request = getAndClose, .version = version, .protocols = {}});

    QVERIFY(outcome.hasShaken);
    QCOMPARE(test::parseReplies(outcome.received).front().status, 200);
    QCOMPARE(test::parseReplies(outcome.received).front().body, QByteArray("ok"));
    QVERIFY(test::turnLoopUntil([&edge] { return edge.server->connectionCount() == 0; }));
}

void TlsEdgeTest::refusesHandshakes_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("protocols");
    QTest::newRow("TLS 1.0") << TLS1_VERSION << QByteArray();
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << QByteArray();
    QTest::newRow("HTTP/2 only") << TLS1_3_VERSION << QByteArray("\x02h2");
}

void TlsEdgeTest::refusesHandshakes()
{
    QFETCH(const int, version);
    QFETCH(const QByteArray, protocols);
    Edge edge({}, m_tls.get());

    const TlsOutcome outcome = callEdge(
        edge.port, {.request = getAndClose, .version = version, .protocols = protocols});

    QVERIFY(!outcome.hasShaken);
    QCOMPARE(edge.seen.size(), 0U);
    QVERIFY(test::turnLoopUntil([&edge] { return edge.server->connectionCount() == 0; }));
}

void TlsEdgeTest::choosesHttp11()
{
    Edge edge({}, m_tls.get());

    const TlsOutcome outcome = callEdge(
        edge.port, {.request = getAndClose, .protocols = QByteArray("\x02h2\x08http/1.1")});

    QVERIFY(outcome.hasShaken);
    QCOMPARE(outcome.protocol, QByteArray("http/1.1"));
}

void TlsEdgeTest::refusesRenegotiation()
{
    Edge edge({}, m_tls.get());

    const TlsOutcome outcome = callEdge(
        edge.port,
        {.request = getAndClose, .version = TLS1_2_VERSION, .protocols = {}, .renegotiates = true});

    QVERIFY(!outcome.hasShaken);
}

void TlsEdgeTest::takesAndSendsLargeBodies()
{
    Edge edge({}, m_tls.get());
    edge.handler = [](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200, {}, request.body);
    };
    const QByteArray body(3'000'000, 'b');

    const TlsOutcome outcome = callEdge(
        edge.port,
        {.request = "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
             + QByteArray::number(body.size()) + "\r\n\r\n" + body,
         .protocols = {}});

    QCOMPARE(test::parseReplies(outcome.received).front().body, body);
}

void TlsEdgeTest::answersPipelinedRequests()
{
    Edge edge({}, m_tls.get());
    const QByteArray get = "GET /a HTTP/1.1\r\nHost: x\r\nX: " + QByteArray(1'000, 'x')
        + "\r\n\r\n";

    const TlsOutcome outcome = callEdge(
        edge.port, {.request = get.repeated(500) + getAndClose, .protocols = {}});

    QCOMPARE(test::parseReplies(outcome.received).size(), 501U);
}

void TlsEdgeTest::tellsAPlainClientToUseTls()
{
    Edge edge({}, m_tls.get());
    RawClient client(edge.port);

    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().front().status, 400);
    QVERIFY(client.replies().front().body.contains("https://"));
}

void TlsEdgeTest::closesOnGarbage()
{
    Edge edge({}, m_tls.get());
    RawClient client(edge.port);

    client.send(QByteArray(1'000, '\xff'));

    QVERIFY(client.waitForClose());
    QCOMPARE(edge.server->connectionCount(), 0);
}

void TlsEdgeTest::closesASlowHandshake()
{
    http::EdgeSettings settings;
    settings.headTimeout = 100ms;
    Edge edge(settings, m_tls.get());
    RawClient client(edge.port);

    client.send(QByteArray("\x16\x03\x01\x02\x00\x01\x00", 7));

    QVERIFY(client.waitForClose());
    QCOMPARE(client.received(), QByteArray());
}

void TlsEdgeTest::reportsAClientThatCutTheLine()
{
    Edge edge({}, m_tls.get());
    test::Ear ear;
    edge.handler = [&](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->setListener(&ear);
        reply->begin(200, {});
        edge.held.push_back(std::move(reply));
    };
    std::thread thread([port = edge.port] {
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        SSL *ssl = SSL_new(context);
        const http::FileDescriptor fd(::socket(AF_INET, SOCK_STREAM, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address);
        SSL_set_fd(ssl, fd.get());
        SSL_connect(ssl);
        (void)SSL_write(ssl, getAndClose.constData(), static_cast<int>(getAndClose.size()));
        char first = 0;
        (void)SSL_read(ssl, &first, 1);
        SSL_free(ssl); // Without a farewell: the descriptor is just closed.
        SSL_CTX_free(context);
    });

    const bool isReported = test::turnLoopUntil([&ear] { return ear.gone == 1; });

    thread.join();
    QVERIFY(isReported);
}

void TlsEdgeTest::reloadsItsCertificateForNewConnections()
{
    QTemporaryDir folder;
    const QString certificate = folder.filePath(QStringLiteral("certificate.pem"));
    const QString key = folder.filePath(QStringLiteral("key.pem"));
    const auto use = [&](const test::TlsIdentity &identity) {
        QFile::remove(certificate);
        QFile::remove(key);
        QVERIFY(QFile::copy(QFile::decodeName(identity.certificateFile), certificate));
        QVERIFY(QFile::copy(QFile::decodeName(identity.keyFile), key));
    };
    use(m_files.localhost());
    auto tls = http::TlsContext::load(QFile::encodeName(certificate), QFile::encodeName(key));
    QVERIFY(tls.has_value());
    Edge edge({}, tls->get());
    const QByteArray before =
        callEdge(edge.port, {.request = getAndClose, .protocols = {}}).subject;

    use(m_files.wrongHost());
    QVERIFY((*tls)->reload().has_value());

    const QByteArray after = callEdge(edge.port, {.request = getAndClose, .protocols = {}}).subject;
    QVERIFY(!before.isEmpty());
    QVERIFY2(after != before, after.constData());
}

void TlsEdgeTest::keepsItsCertificateIfTheNewOneIsBad()
{
    QTemporaryDir folder;
    const QString certificate = folder.filePath(QStringLiteral("certificate.pem"));
    const test::TlsIdentity identity = m_files.localhost();
    QVERIFY(QFile::copy(QFile::decodeName(identity.certificateFile), certificate));
    auto tls = http::TlsContext::load(QFile::encodeName(certificate), identity.keyFile);
    QVERIFY(tls.has_value());
    QVERIFY(QFile::remove(certificate));

    QVERIFY(!(*tls)->reload().has_value());

    Edge edge({}, tls->get());
    QVERIFY(callEdge(edge.port, {.request = getAndClose, .protocols = {}}).hasShaken);
}

void TlsEdgeTest::saysWhatIsWrongWithItsFiles()
{
    const test::TlsIdentity good = m_files.localhost();
    const test::TlsIdentity other = m_files.selfSigned();

    const auto missing = http::TlsContext::load("/no/such/file.pem", good.keyFile);
    const auto mixed = http::TlsContext::load(good.certificateFile, other.keyFile);

    QVERIFY(!missing.has_value());
    QVERIFY(missing.error().contains(QStringLiteral("/no/such/file.pem")));
    QVERIFY(!mixed.has_value());
    QVERIFY(mixed.error().contains(QString::fromLocal8Bit(other.keyFile)));
}

DELTA_LOOP_TEST_MAIN(TlsEdgeTest)

#include "tst_tls_edge.moc"
