// labels: hostile
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>

using namespace delta;
using test::Edge;
using test::RawClient;
using namespace std::chrono_literals;

namespace {

const QByteArray head = "POST /a HTTP/1.1\r\nHost: x\r\n";
const QByteArray getRequest = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

/// Settings whose timeouts are long; a test shortens the one that it is about.
http::EdgeSettings patient()
{
    http::EdgeSettings settings;
    settings.headTimeout = 10min;
    settings.bodyTimeout = 10min;
    settings.idleTimeout = 10min;
    settings.writeTimeout = 10min;
    return settings;
}

/// Sends a byte of `bytes` on every tick of the loop's clock, until destroyed.
class Dripper
{
public:
    Dripper(RawClient &client, QByteArray bytes)
        : m_client(client)
        , m_bytes(std::move(bytes))
        , m_timer(net::EpollDispatcher::ofThisThread().loop().timers(), [this] { drip(); })
    {
        m_timer.start(1ms);
    }

private:
    void drip()
    {
        if (!m_client.isClosed()) {
            m_client.send(m_bytes.mid(m_next++ % m_bytes.size(), 1));
            m_timer.start(1ms);
        }
    }

    RawClient &m_client;
    QByteArray m_bytes;
    net::Timer m_timer;
    qsizetype m_next = 0;
};

} // namespace

/// The limits of EdgeSettings, each met by a client that does not respect it.
class EdgeLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsTooLarge_data();
    void refusesWhatIsTooLarge();
    void letsASendingClientReadItsRefusal();
    void refusesBeforeItAsksForTheBody();
    void refusesASlowHead_data();
    void refusesASlowHead();
    void refusesAStalledBody();
    void refusesADrippingBody();
    void refusesADripBehindAFastBeginning();
    void takesADrippingBodyThatIsFastEnough();
    void takesALongBodyAtASteadyRate();
    void takesAnyRateWhereNoneIsSet();
    void closesIdleConnectionsInSilence_data();
    void closesIdleConnectionsInSilence();
    void doesNotTimeOutARequestWithItsHandler();
    void doesNotWaitForeverForARefusedClientToClose();
};

void EdgeLimitsTest::refusesWhatIsTooLarge_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");

    QTest::newRow("target") << "GET /" + QByteArray(8 * 1024, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"
                            << 414 << QByteArray("uri_too_long");
    QTest::newRow("1 MiB target") << "GET /" + QByteArray(1 << 20, 'a')
            + " HTTP/1.1\r\nHost: x\r\n\r\n"
                                  << 414 << QByteArray("uri_too_long");
    QTest::newRow("header") << head + "X: " + QByteArray(32 * 1024, 'a') + "\r\n\r\n"
                            << 431 << QByteArray("headers_too_large");
    QTest::newRow("1 MiB header") << head + "X: " + QByteArray(1 << 20, 'a') + "\r\n\r\n"
                                  << 431 << QByteArray("headers_too_large");
    QTest::newRow("101 headers") << head + QByteArray("X: y\r\n").repeated(100) + "\r\n"
                                 << 431 << QByteArray("headers_too_large");
    QTest::newRow("10,000 headers") << head + QByteArray("X: y\r\n").repeated(10'000) + "\r\n"
                                    << 431 << QByteArray("headers_too_large");
    QTest::newRow("body") << head + "Content-Length: 33554433\r\n\r\n"
                          << 413 << QByteArray("content_too_large");
    QTest::newRow("chunked body") << head + "Transfer-Encoding: chunked\r\n\r\n2000001\r\n"
                                  << 413 << QByteArray("content_too_large");
    QTest::newRow("1 MiB chunk extension")
        << head + "Transfer-Encoding: chunked\r\n\r\n1;" + QByteArray(1 << 20, 'e') << 400
        << QByteArray("malformed_request");
}

void EdgeLimitsTest::refusesWhatIsTooLarge()
{
    QFETCH(const QByteArray, request);
    Edge edge(patient());
    RawClient client(edge.port);

    client.send(request);

    QVERIFY(client.waitForReplies(1));
    QTEST(client.replies().front().status, "status");
    QFETCH(const QByteArray, code);
    QVERIFY(client.replies().front().body.contains("\"code\":\"" + code + "\""));
    QCOMPARE(edge.seen.size(), 0U);
}

void EdgeLimitsTest::letsASendingClientReadItsRefusal()
{
    Edge edge(patient());
    RawClient client(edge.port);

    // The client reads nothing until it has sent everything, as most client libraries do.
    client.pauseReading();
    client.send(head + "Content-Length: 33554433\r\n\r\n" + QByteArray(16 * 1024 * 1024, 'b'));
    QVERIFY(test::turnLoopUntil([&client] { return client.unsentBytes() == 0; }));
    client.endWriting();
    client.resumeReading();

    QVERIFY(client.waitForClose());
    QVERIFY(!client.isReset());
    QCOMPARE(client.replies().front().status, 413);
}

void EdgeLimitsTest::refusesBeforeItAsksForTheBody()
{
    Edge edge(patient());
    RawClient client(edge.port);

    client.send(head + "Content-Length: 33554433\r\nExpect: 100-continue\r\n\r\n");

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 413);
}

void EdgeLimitsTest::refusesASlowHead_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("request line") << QByteArray("GET /a");
    QTest::newRow("header") << QByteArray("GET /a HTTP/1.1\r\nHost: x\r\nX: ");
    QTest::newRow("second request") << getRequest + "GET /a HTTP/1.1\r\nX: ";
}

void EdgeLimitsTest::refusesASlowHead()
{
    QFETCH(const QByteArray, begin);
    http::EdgeSettings settings = patient();
    settings.headTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send(begin);
    const Dripper dripper(client, "a");

    QVERIFY(client.waitForClose());

    QCOMPARE(client.replies().back().status, 408);
    QCOMPARE(client.replies().back().field("connection"), QByteArray("close"));
}

void EdgeLimitsTest::refusesAStalledBody()
{
    http::EdgeSettings settings = patient();
    settings.bodyTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);

    client.send(head + "Content-Length: 10\r\n\r\nhalf");

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 408);
    QCOMPARE(edge.seen.size(), 0U);
}

void EdgeLimitsTest::refusesADrippingBody()
{
    http::EdgeSettings settings = patient();
    settings.bodyTimeout = 300ms;
    settings.minBodyBytesPerSecond = 100'000;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send(head + "Content-Length: 1000000\r\n\r\n");
    const Dripper dripper(client, "a");

    QVERIFY(client.waitForClose());

    QCOMPARE(client.replies().front().status, 408);
}

void EdgeLimitsTest::refusesADripBehindAFastBeginning()
{
    http::EdgeSettings settings = patient();
    settings.bodyTimeout = 300ms;
    settings.minBodyBytesPerSecond = 100'000;
    Edge edge(settings);
    RawClient client(edge.port);
    // On average of its whole life this body would be fast enough for minutes.
    client.send(head + "Content-Length: 30000000\r\n\r\n" + QByteArray(20'000'000, 'b'));
    QVERIFY(test::turnLoopUntil([&client] { return client.unsentBytes() == 0; }));
    const Dripper dripper(client, "a");

    QVERIFY(client.waitForClose());

    QCOMPARE(client.replies().front().status, 408);
    QCOMPARE(edge.seen.size(), 0U);
}

void EdgeLimitsTest::takesADrippingBodyThatIsFastEnough()
{
    http::EdgeSettings settings = patient();
    settings.minBodyBytesPerSecond = 1;
    settings.bodyTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send(head + "Content-Length: 1000020\r\n\r\n" + QByteArray(1'000'000, 'b'));
    const Dripper dripper(client, "a");

    QVERIFY(edge.waitForRequests(1));

    QCOMPARE(edge.seen.front().body.size(), 1'000'020);
}

void EdgeLimitsTest::takesALongBodyAtASteadyRate()
{
    http::EdgeSettings settings = patient();
    settings.minBodyBytesPerSecond = 20;
    settings.bodyTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send(head + "Content-Length: 40\r\n\r\n");
    const Dripper dripper(client, "a");

    QVERIFY(edge.waitForRequests(1));

    QCOMPARE(edge.seen.front().body.size(), 40);
}

void EdgeLimitsTest::takesAnyRateWhereNoneIsSet()
{
    http::EdgeSettings settings = patient();
    settings.minBodyBytesPerSecond = 0;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send(head + "Content-Length: 20\r\n\r\n");
    const Dripper dripper(client, "a");

    QVERIFY(edge.waitForRequests(1));
}

void EdgeLimitsTest::closesIdleConnectionsInSilence_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("never used") << QByteArray();
    QTest::newRow("after a reply") << getRequest;
}

void EdgeLimitsTest::closesIdleConnectionsInSilence()
{
    QFETCH(const QByteArray, sent);
    http::EdgeSettings settings = patient();
    settings.headTimeout = 100ms;
    settings.idleTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);

    client.send(sent);

    QVERIFY(client.waitForClose());
    QVERIFY(!client.isReset());
    QCOMPARE(client.replies().size(), sent.isEmpty() ? 0U : 1U);
    QCOMPARE(edge.server->connectionCount(), 0);
}

void EdgeLimitsTest::doesNotTimeOutARequestWithItsHandler()
{
    http::EdgeSettings settings;
    settings.headTimeout = 20ms;
    settings.bodyTimeout = 20ms;
    settings.idleTimeout = 20ms;
    settings.writeTimeout = 20ms;
    Edge edge(settings);
    RawClient client(edge.port);
    client.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    QVERIFY(edge.waitForRequests(1));

    test::turnLoopFor(200ms);

    edge.held.front()->send(200, {}, "ok");
    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 200);
}

void EdgeLimitsTest::doesNotWaitForeverForARefusedClientToClose()
{
    http::EdgeSettings settings = patient();
    settings.bodyTimeout = 100ms;
    Edge edge(settings);
    RawClient client(edge.port);
    client.pauseReading(); // So it does not notice that it should close.
    client.send("nonsense\r\n\r\n");
    QVERIFY(test::turnLoopUntil([&edge] { return edge.limits.count() == 1; }));

    QVERIFY(test::turnLoopUntil([&edge] { return edge.limits.count() == 0; }));
}

DELTA_LOOP_TEST_MAIN(EdgeLimitsTest)

#include "tst_edge_limits.moc"
