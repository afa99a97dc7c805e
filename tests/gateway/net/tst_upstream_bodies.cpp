#include "tests/gateway/net/upstream_fixture.h"

using namespace delta;
using namespace delta::test;

/// How both clients read and write bodies of every kind and size.
class UpstreamBodiesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void tellsTheLengthOfABody_data();
    void tellsTheLengthOfABody();
    void readsEveryKindOfBody_data();
    void readsEveryKindOfBody();
    void readsChunksCutAtEveryByte();
    void sendsALargeBodyInPieces();
    void takesAResponseThatComesBeforeTheRequestIsSent();
    void readsALargeBody();
};

void UpstreamBodiesTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamBodiesTest::tellsTheLengthOfABody_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("length");
    QTest::newRow("POST") << QByteArray("POST") << QByteArray("abc") << QByteArray("3");
    QTest::newRow("empty POST") << QByteArray("POST") << QByteArray() << QByteArray("0");
    QTest::newRow("PUT") << QByteArray("PUT") << QByteArray("abc") << QByteArray("3");
    QTest::newRow("PATCH") << QByteArray("PATCH") << QByteArray("abc") << QByteArray("3");
    QTest::newRow("DELETE with body")
        << QByteArray("DELETE") << QByteArray("abc") << QByteArray("3");
    QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray() << QByteArray();
    QTest::newRow("GET") << QByteArray("GET") << QByteArray() << QByteArray();
    QTest::newRow("OPTIONS") << QByteArray("OPTIONS") << QByteArray() << QByteArray();
}

void UpstreamBodiesTest::tellsTheLengthOfABody()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, length);
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port());
    request.method = method;
    request.body = body.isEmpty() ? std::vector<QByteArray>() : std::vector{body};
    QVERIFY(client.run(request, sink));
    QVERIFY(!sink.error);
    const ScriptedRequest received = server.requests().at(0);
    QVERIFY(received.requestLine().startsWith(method + ' '));
    QCOMPARE(received.field("content-length"), length);
    QCOMPARE(received.body, body);
}

void UpstreamBodiesTest::readsEveryKindOfBody_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("connections"); ///< That two such exchanges take.
    const auto add = [](const char *name, const QByteArray &response, const QByteArray &body,
                        int connections = 1) {
        QTest::newRow(name) << QByteArray("GET") << response << body << connections;
    };
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    const QByteArray chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    add("length", ok + "Content-Length: 3\r\n\r\nabc", "abc");
    add("empty", ok + "Content-Length: 0\r\n\r\n", "");
    add("chunked", chunked + "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", "abcd");
    add("chunk in capitals", ok + "Transfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        "0123456789");
    add("chunk extension", chunked + "3;a=b;c=\"d\"\r\nabc\r\n0\r\n\r\n", "abc");
    add("trailers", chunked + "3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", "abc");
    add("no chunk", chunked + "0\r\n\r\n", "");
    add("until close", ok + "\r\nabc", "abc", 2);
    add("HTTP/1.0 until close", "HTTP/1.0 200 OK\r\n\r\nabc", "abc", 2);
    add("HTTP/1.0 keep-alive",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", "a");
    add("204", "HTTP/1.1 204 No Content\r\n\r\n", "");
    add("304 with length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "");
    add("no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", "a");
    add("unknown coding of the content", ok + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        "x");
    QTest::newRow("HEAD") << QByteArray("HEAD") << ok + "Content-Length: 9\r\n\r\n"
                          << QByteArray() << 1;
    QTest::newRow("HEAD chunked") << QByteArray("HEAD") << chunked << QByteArray() << 1;
}

void UpstreamBodiesTest::readsEveryKindOfBody()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, response);
    QFETCH(const QByteArray, body);
    QFETCH(const int, connections);
    ScriptedServer server([&](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.send(response);
            if (connections > 1) {
                return;
            }
        }
    });
    UpstreamFixture client;
    for (int round = 0; round < 2; ++round) {
        RecordingSink sink;
        ports::UpstreamRequest request = requestTo(server.port());
        request.method = method;
        request.body.clear();
        QVERIFY(client.run(request, sink));
        QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
        QCOMPARE(sink.body, body);
        QCOMPARE(sink.headCount, 1);
        QCOMPARE(sink.endCount, 1);
    }
    QCOMPARE(server.connectionCount(), connections);
}

void UpstreamBodiesTest::readsChunksCutAtEveryByte()
{
    const QByteArray response =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nx-a: b\r\n\r\n"
        "b;x=y\r\ndata: one\n\n\r\n3\r\n\xe2\x82\xac\r\n0\r\nTrailer: x\r\n\r\n";
    // Each connection gets the response in two parts, cut one byte further than the last; the
    // second part is sent only after the client has seen all it can see of the first.
    std::vector<std::unique_ptr<ScriptedGate>> gates;
    for (qsizetype cut = 0; cut <= response.size(); ++cut) {
        gates.push_back(std::make_unique<ScriptedGate>());
    }
    ScriptedServer server([&](ScriptedPeer &peer) {
        std::size_t cut = 0;
        while (peer.readRequest()) {
            peer.send(QByteArrayView(response).first(static_cast<qsizetype>(cut)));
            peer.wait(*gates[cut]);
            peer.send(QByteArrayView(response).sliced(static_cast<qsizetype>(cut)));
            ++cut;
        }
    });
    UpstreamFixture client;
    for (const auto &gate : gates) {
        RecordingSink sink;
        const auto exchange = client.send(requestTo(server.port()), sink);
        for (int turn = 0; turn < 3; ++turn) {
            QCoreApplication::processEvents();
        }
        gate->open();
        QVERIFY(eventually([&] { return sink.isOver(); }));
        QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
        QCOMPARE(sink.body, "data: one\n\n\xe2\x82\xac");
        QCOMPARE(sink.headCount, 1);
    }
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamBodiesTest::sendsALargeBodyInPieces()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port());
    request.body.clear();
    QByteArray whole;
    for (int index = 0; index < 300; ++index) {
        request.body.push_back(QByteArray(index * 97, static_cast<char>('a' + index % 26)));
        whole += request.body.back();
    }
    QVERIFY(client.run(request, sink));
    QVERIFY(!sink.error);
    QCOMPARE(server.requests().at(0).body, whole);
}

void UpstreamBodiesTest::takesAResponseThatComesBeforeTheRequestIsSent()
{
    // A provider may refuse a request after its head. The client must not insist on sending the
    // rest, and must not reuse the connection.
    ScriptedServer server([](ScriptedPeer &peer) {
        const QByteArray begin = peer.readSome();
        if (begin.startsWith("POST /large")) {
            peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nlong");
            peer.waitForClose();
            return;
        }
        peer.send(okResponse);
    });
    UpstreamFixture client;
    RecordingSink large;
    ports::UpstreamRequest request = requestTo(server.port(), "/large");
    request.body = {QByteArray(16'000'000, 'x')};
    QVERIFY(client.run(request, large));
    QVERIFY2(!large.error, qPrintable(large.error ? large.error->detail : QString()));
    QCOMPARE(large.head.status, 413);
    QCOMPARE(large.body, "long");
    RecordingSink small;
    QVERIFY(client.run(requestTo(server.port()), small));
    QCOMPARE(small.body, "ok");
    QCOMPARE(server.connectionCount(), 2);
}

void UpstreamBodiesTest::readsALargeBody()
{
    const QByteArray body(5'000'000, 'x');
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + body));
    UpstreamFixture client;
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(!sink.error);
    QVERIFY(sink.body == body);
}

DELTA_LOOP_TEST_MAIN(UpstreamBodiesTest)
#include "tst_upstream_bodies.moc"
