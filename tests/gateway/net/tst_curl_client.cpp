// labels: unit fault
// links: Qt6::HttpServer Qt6::Network
#include "gateway/net/curl_client.h"
#include "tests/gateway/net/upstream_fixture.h"

#include <QHttpServer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QThread>

#include <atomic>

using namespace delta;
using namespace delta::test;
using namespace std::chrono_literals;

namespace {

/// Qt's HTTP server with HTTP/2 over TLS, on a thread and a loop of its own.
class Http2Server
{
public:
    explicit Http2Server(const TlsIdentity &identity)
    {
        m_thread.start();
        m_context.moveToThread(&m_thread);
        QMetaObject::invokeMethod(
            &m_context, [this, identity] { listen(identity); }, Qt::BlockingQueuedConnection);
    }
    ~Http2Server()
    {
        QMetaObject::invokeMethod(
            &m_context, [this] { m_http.reset(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    Q_DISABLE_COPY_MOVE(Http2Server)

    quint16 port = 0;
    std::atomic<int> connections = 0;

private:
    void listen(const TlsIdentity &identity)
    {
        m_http = std::make_unique<QHttpServer>();
        m_http->route(QStringLiteral("/echo"), [](const QHttpServerRequest &request) {
            return QHttpServerResponse("text/plain", request.body());
        });
        auto tls = std::make_unique<QSslServer>();
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(
            QSslCertificate::fromPath(QFile::decodeName(identity.certificateFile)).constFirst());
        QFile key(QFile::decodeName(identity.keyFile));
        QVERIFY(key.open(QIODevice::ReadOnly));
        configuration.setPrivateKey(QSslKey(&key, QSsl::Ec));
        configuration.setAllowedNextProtocols({QSslConfiguration::ALPNProtocolHTTP2});
        tls->setSslConfiguration(configuration);
        QObject::connect(tls.get(), &QSslServer::startedEncryptionHandshake, &m_context,
                         [this](QSslSocket *) { ++connections; });
        QVERIFY(tls->listen(QHostAddress::LocalHost));
        port = tls->serverPort();
        QVERIFY(m_http->bind(tls.release()));
    }

    QThread m_thread;
    QObject m_context;
    std::unique_ptr<QHttpServer> m_http;
};

net::CurlClient makeClient(const net::UpstreamSettings &settings)
{
    return net::CurlClient(net::EpollDispatcher::ofThisThread().loop(), settings);
}

} // namespace

/// What only the client on libcurl does.
class CurlClientTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sharesAnHttp2Connection();
    void sendsThroughAProxy();
    void tunnelsTlsThroughAProxy();
    void ignoresProxiesOfTheEnvironment();

private:
    TlsFiles m_files;
};

void CurlClientTest::sharesAnHttp2Connection()
{
    Http2Server server(m_files.localhost());
    auto client = makeClient({.caFile = m_files.caFile()});
    // Only one after another: several at once are more than Qt's server of that version can take.
    for (int round = 0; round < 5; ++round) {
        RecordingSink sink;
        ports::UpstreamRequest request = tlsRequestTo(server.port);
        request.path = "/echo";
        const auto exchange = client.send(request, sink);
        QVERIFY(eventually([&] { return sink.isOver(); }));
        QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
        QCOMPARE(sink.head.status, 200);
        QCOMPARE(sink.head.header("content-type"), "text/plain");
        QCOMPARE(sink.body, "{\"a\":1}");
    }
    QCOMPARE(server.connections.load(), 1);
}

void CurlClientTest::sendsThroughAProxy()
{
    ScriptedServer proxy(answering(okResponse));
    auto client = makeClient({.proxy = "http://127.0.0.1:" + QByteArray::number(proxy.port())});
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(80, "/x");
    request.origin.host = "provider.invalid"; // Only the proxy has to know it.
    const auto exchange = client.send(request, sink);
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
    QCOMPARE(sink.body, "ok");
    QCOMPARE(proxy.requests().at(0).requestLine(), "POST http://provider.invalid/x HTTP/1.1");
}

void CurlClientTest::tunnelsTlsThroughAProxy()
{
    // The proxy refuses the tunnel: its answer must not pass for the provider's.
    ScriptedServer proxy(answering("HTTP/1.1 407 Who are you\r\nContent-Length: 2\r\n\r\nno"));
    auto client = makeClient({.proxy = "http://127.0.0.1:" + QByteArray::number(proxy.port())});
    RecordingSink sink;
    const auto exchange = client.send(tlsRequestTo(443, "provider.invalid"), sink);
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY(sink.error.has_value());
    QCOMPARE(sink.headCount, 0);
    QCOMPARE(proxy.requests().at(0).requestLine(), "CONNECT provider.invalid:443 HTTP/1.1");
    QVERIFY(!proxy.log(0).received.contains("content-type")); // The request itself stays with us.
}

void CurlClientTest::ignoresProxiesOfTheEnvironment()
{
    ScriptedServer proxy(answering(okResponse));
    ScriptedServer server(answering(okResponse));
    qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
    auto client = makeClient({});
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    const bool isOver = eventually([&] { return sink.isOver(); });
    qunsetenv("http_proxy");
    QVERIFY(isOver);
    QCOMPARE(server.requests().size(), 1U);
    QCOMPARE(proxy.connectionCount(), 0);
}

DELTA_LOOP_TEST_MAIN(CurlClientTest)
#include "tst_curl_client.moc"
