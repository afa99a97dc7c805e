#include "tests/gateway/net/upstream_fixture.h"

#include <algorithm>

using namespace delta;
using namespace delta::test;

/// What both clients make of a request, and of a plain response.
class UpstreamClientTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void sendsTheRequestAsItIs();
    void readsHeadAndBody();
    void neverCallsTheSinkFromInsideSend();
    void saysWhetherTheProviderMayHaveHeardOfIt();
    void reusesAConnection();
    void sendsTheNextRequestFromInsideTheLastEnd();
    void closesWhenTheProviderAsksForIt_data();
    void closesWhenTheProviderAsksForIt();
    void skipsInterimResponses();
    void followsNoRedirect();
    void refusesRequestsThatCouldSmuggle_data();
    void refusesRequestsThatCouldSmuggle();
    void survivesASinkThatDestroysItsExchange_data();
    void survivesASinkThatDestroysItsExchange();
    void looksNamesUp();
};

void UpstreamClientTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamClientTest::sendsTheRequestAsItIs()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port(), "/v1/chat?a=1&b=%20/../x");
    request.fields = {
        {"Authorization", "Bearer k"}, {"x-empty", ""}, {"x-two", "1"}, {"x-two", "2"}};
    QVERIFY(client.run(request, sink));
    const QByteArray host = "127.0.0.1:" + QByteArray::number(server.port());
    const ScriptedRequest received = server.requests().at(0);
    QCOMPARE(received.requestLine(), "POST /v1/chat?a=1&b=%20/../x HTTP/1.1");
    QCOMPARE(received.field("Host"), host);
    QCOMPARE(received.body, "{\"a\":1}");
    QList<QByteArray> lines = received.head.trimmed().split('\n');
    for (QByteArray &line : lines) {
        line = line.trimmed().toLower();
    }
    // Nothing is added to what the caller wrote but the framing.
    lines.removeFirst();
    std::ranges::sort(lines);
    QCOMPARE(lines,
             (QList<QByteArray>{"authorization: bearer k", "content-length: 7", "host: " + host,
                                "x-empty:", "x-two: 1", "x-two: 2"}));
}

void UpstreamClientTest::readsHeadAndBody()
{
    ScriptedServer server(
        answering("HTTP/1.1 201 Made it\r\nX-Some:  padded \r\nContent-Length: 5\r\n"
                  "x-some: again\r\n\r\nhello"));
    UpstreamFixture client;
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(!sink.error);
    QCOMPARE(sink.headCount, 1);
    QCOMPARE(sink.endCount, 1);
    QCOMPARE(sink.head.status, 201);
    QCOMPARE(sink.head.header("x-some"), "padded");
    QCOMPARE(sink.head.fields.size(), 3U);
    QCOMPARE(sink.body, "hello");
}

void UpstreamClientTest::neverCallsTheSinkFromInsideSend()
{
    // The port is closed again, so that connecting can fail at once.
    const quint16 port = ScriptedServer(answering({})).port();
    UpstreamFixture client;
    RecordingSink sink;
    const auto exchange = client.send(requestTo(port), sink);
    QVERIFY(!sink.isOver());
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.error->fault, ports::UpstreamFault::Connect);
    QVERIFY2(sink.error->detail.contains(QString::number(port)), qPrintable(sink.error->detail));
}

void UpstreamClientTest::saysWhetherTheProviderMayHaveHeardOfIt()
{
    UpstreamFixture client;
    const quint16 closedPort = ScriptedServer(answering({})).port();
    RecordingSink refused;
    const auto failed = client.send(requestTo(closedPort), refused);
    QVERIFY(!failed->hasBegunToSend());
    QVERIFY(eventually([&] { return refused.isOver(); }));
    QVERIFY(!failed->hasBegunToSend());

    // Hears a handshake begin and never answers.
    const ScriptedServer mute([](ScriptedPeer &peer) { peer.waitForClose(); });
    ports::UpstreamRequest secret = requestTo(mute.port());
    secret.origin.scheme = ports::Scheme::Https;
    RecordingSink waiting;
    const auto shaking = client.send(secret, waiting);
    QVERIFY(eventually([&] { return !mute.log(0).received.isEmpty(); }));
    QVERIFY(!shaking->hasBegunToSend());

    ScriptedServer server(answering(okResponse));
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY(exchange->hasBegunToSend());
}

void UpstreamClientTest::reusesAConnection()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    for (int round = 0; round < 5; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(requestTo(server.port()), sink));
        QCOMPARE(sink.body, "ok");
    }
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.requests().size(), 5U);
}

void UpstreamClientTest::sendsTheNextRequestFromInsideTheLastEnd()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    std::unique_ptr<ports::UpstreamExchange> next;
    auto exchange = client.send(requestTo(server.port()), first);
    first.whenOver = [&] {
        exchange.reset();
        next = client.send(requestTo(server.port()), second);
    };
    QVERIFY(eventually([&] { return second.isOver(); }));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamClientTest::closesWhenTheProviderAsksForIt_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::newRow("Connection: close")
        << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    QTest::newRow("HTTP/1.0") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

void UpstreamClientTest::closesWhenTheProviderAsksForIt()
{
    QFETCH(const QByteArray, response);
    ScriptedServer server(answering(response));
    UpstreamFixture client;
    for (int round = 0; round < 2; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(requestTo(server.port()), sink));
        QCOMPARE(sink.body, "ok");
    }
    QCOMPARE(server.connectionCount(), 2);
    QVERIFY(eventually([&] { return server.closedByClientCount() == 2; }));
}

void UpstreamClientTest::skipsInterimResponses()
{
    ScriptedServer server(answering("HTTP/1.1 100 Continue\r\n\r\n"
                                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nx-interim: 1\r\n\r\n"
                                    + okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(!sink.error);
    QCOMPARE(sink.headCount, 1);
    QCOMPARE(sink.head.status, 200);
    QVERIFY(sink.head.header("x-interim").isNull());
    QCOMPARE(sink.body, "ok");
}

void UpstreamClientTest::followsNoRedirect()
{
    ScriptedServer elsewhere(answering(okResponse));
    ScriptedServer server(answering("HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:"
                                    + QByteArray::number(elsewhere.port())
                                    + "/\r\nContent-Length: 0\r\n\r\n"));
    UpstreamFixture client;
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(!sink.error);
    QCOMPARE(sink.head.status, 307);
    QCOMPARE(elsewhere.connectionCount(), 0);
}

void UpstreamClientTest::refusesRequestsThatCouldSmuggle_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const QByteArray post = "POST";
    const QByteArray root = "/";
    const QByteArray name = "x-a";
    const QByteArray value = "b";
    QTest::newRow("line end in method")
        << QByteArray("GET / HTTP/1.1\r\n") << root << name << value;
    QTest::newRow("CONNECT") << QByteArray("CONNECT") << root << name << value;
    QTest::newRow("no method") << QByteArray() << root << name << value;
    QTest::newRow("space in path") << post << QByteArray("/ HTTP/1.1") << name << value;
    QTest::newRow("line end in path") << post << QByteArray("/\r\nx: y") << name << value;
    QTest::newRow("no path") << post << QByteArray() << name << value;
    QTest::newRow("another origin") << post << QByteArray("@elsewhere/") << name << value;
    QTest::newRow("line end in name") << post << root << QByteArray("x\r\ny") << value;
    QTest::newRow("space in name") << post << root << QByteArray("x ") << value;
    QTest::newRow("no name") << post << root << QByteArray() << value;
    QTest::newRow("CR in value") << post << root << name << QByteArray("a\rb");
    QTest::newRow("LF in value") << post << root << name << QByteArray("a\nb: c");
    QTest::newRow("NUL in value") << post << root << name << QByteArray("a\0b", 3);
    QTest::newRow("Host") << post << root << QByteArray("Host") << value;
    QTest::newRow("Content-Length")
        << post << root << QByteArray("content-length") << QByteArray("1");
    QTest::newRow("Transfer-Encoding") << post << root << QByteArray("Transfer-Encoding") << value;
    QTest::newRow("Connection") << post << root << QByteArray("Connection")
                                << QByteArray("upgrade");
}

void UpstreamClientTest::refusesRequestsThatCouldSmuggle()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port(), path);
    request.method = method;
    request.fields = {{name, value}};
    QVERIFY(client.run(request, sink));
    QCOMPARE(sink.error.value().fault, ports::UpstreamFault::Protocol);
    QCOMPARE(server.connectionCount(), 0);
}

void UpstreamClientTest::survivesASinkThatDestroysItsExchange_data()
{
    QTest::addColumn<QByteArray>("moment");
    for (const char *moment : {"head", "body", "end", "error"}) {
        QTest::newRow(moment) << QByteArray(moment);
    }
}

void UpstreamClientTest::survivesASinkThatDestroysItsExchange()
{
    QFETCH(const QByteArray, moment);
    const bool isCut = moment == "error";
    ScriptedServer server([isCut](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n");
            if (isCut) {
                return;
            }
            peer.send("0\r\n\r\n");
        }
    });
    UpstreamFixture client;
    for (int round = 0; round < 2; ++round) {
        auto sink = std::make_unique<RecordingSink>();
        auto exchange = client.send(requestTo(server.port()), *sink);
        int calls = 0;
        const auto destroy = [&] {
            ++calls;
            exchange.reset();
        };
        (moment == "head"       ? sink->whenHead
             : moment == "body" ? sink->whenBody
                                : sink->whenOver) = destroy;
        QVERIFY(eventually([&] { return !exchange; }));
        // The sink is gone as well now: a further call would be a use after free.
        sink.reset();
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
    }
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.body, "ab");
}

void UpstreamClientTest::looksNamesUp()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port());
    request.origin.host = "localhost";
    QVERIFY(client.run(request, sink));
    QVERIFY(!sink.error);
    QCOMPARE(server.requests().at(0).field("host"),
             "localhost:" + QByteArray::number(server.port()));
}

DELTA_LOOP_TEST_MAIN(UpstreamClientTest)
#include "tst_upstream_client.moc"
