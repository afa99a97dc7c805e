// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

using namespace delta;
using namespace delta::test;
using namespace std::chrono_literals;

namespace {

/// Sends without end until the client is gone.
void sendForEver(ScriptedPeer &peer)
{
    const QByteArray block(64 * 1024, 'x');
    while (peer.send(block)) { }
}

/// Turns the loop until the server has not sent anything for a while, and says how much it has
/// sent.
qsizetype settledBytes(const ScriptedServer &server)
{
    qsizetype last = -1;
    int calmRounds = 0;
    while (calmRounds < 10) {
        const qsizetype now = server.log(0).sentBytes;
        calmRounds = now == last ? calmRounds + 1 : 0;
        last = now;
        QTest::qWait(10);
    }
    return last;
}

} // namespace

/// How both clients stop for a while.
class UpstreamPauseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void holdsTheProviderBackWhilePaused();
    void startsPaused();
    void survivesAProviderThatLeavesWhilePaused();
    void doesNotCountAPauseAsIdle();
    void cancelsWhilePaused();
    void pausesAndResumesAtEveryPiece_data();
    void pausesAndResumesAtEveryPiece();
};

void UpstreamPauseTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamPauseTest::holdsTheProviderBackWhilePaused()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        sendForEver(peer);
    });
    UpstreamFixture client;
    RecordingSink sink;
    auto exchange = client.send(requestTo(server.port()), sink);
    sink.whenBody = [&] { exchange->pause(); };
    QVERIFY(eventually([&] { return sink.pieceCount > 0; }));
    const qsizetype sent = settledBytes(server);
    // What the client has not read lies in the kernel's two socket buffers.
    QVERIFY2(sent < 32'000'000, qPrintable(QString::number(sent)));
    QVERIFY2(sink.body.size() <= 128 * 1024, qPrintable(QString::number(sink.body.size())));
    const qsizetype received = sink.body.size();
    sink.whenBody = nullptr;
    exchange->resume();
    QVERIFY(
        eventually([&] { return sink.body.size() > received && server.log(0).sentBytes > sent; }));
}

void UpstreamPauseTest::startsPaused()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    exchange->pause();
    QVERIFY(eventually([&] { return server.log(0).sentBytes == okResponse.size(); }));
    for (int turn = 0; turn < 5; ++turn) {
        QCoreApplication::processEvents();
    }
    QCOMPARE(sink.body, "");
    exchange->resume();
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.body, "ok");
}

void UpstreamPauseTest::survivesAProviderThatLeavesWhilePaused()
{
    // A hang-up that nobody reads is reported by the kernel again and again: the loop must not
    // spin, and the end must come out after the pause.
    ScriptedGate gate;
    ScriptedServer server([&](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
        peer.wait(gate);
        peer.reset();
    });
    UpstreamFixture client;
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    sink.whenBody = [&] { exchange->pause(); };
    QVERIFY(eventually([&] { return sink.body == "some"; }));
    gate.open();
    int turns = 0;
    QTimer::singleShot(300ms, this, [&turns] { turns += 1'000'000; });
    while (turns < 1'000'000) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        ++turns;
    }
    QVERIFY2(turns < 1'000'200, qPrintable(QString::number(turns)));
    QVERIFY(!sink.isOver());
    exchange->resume();
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.error.value().fault, ports::UpstreamFault::Closed);
}

void UpstreamPauseTest::doesNotCountAPauseAsIdle()
{
    ScriptedGate gate;
    ScriptedServer server([&](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsome");
        peer.wait(gate);
        peer.send("more");
        peer.waitForClose();
    });
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port());
    request.timeouts.idle = 1s;
    const auto exchange = client.send(request, sink);
    sink.whenBody = [&] { exchange->pause(); };
    QVERIFY(eventually([&] { return sink.body == "some"; }));
    QTest::qWait(1'200);
    QVERIFY(!sink.isOver());
    sink.whenBody = nullptr;
    gate.open();
    exchange->resume();
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY(!sink.error);
    QCOMPARE(sink.body, "somemore");
}

void UpstreamPauseTest::cancelsWhilePaused()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        sendForEver(peer);
    });
    UpstreamFixture client;
    RecordingSink sink;
    auto exchange = client.send(requestTo(server.port()), sink);
    sink.whenBody = [&] { exchange->pause(); };
    QVERIFY(eventually([&] { return sink.pieceCount > 0; }));
    static_cast<void>(settledBytes(server));
    exchange.reset();
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
}

void UpstreamPauseTest::pausesAndResumesAtEveryPiece_data()
{
    QTest::addColumn<bool>("isLater");
    QTest::newRow("resumed at once") << false;
    QTest::newRow("resumed in a later turn") << true;
}

void UpstreamPauseTest::pausesAndResumesAtEveryPiece()
{
    QFETCH(const bool, isLater);
    const QByteArray body(2'000'000, 'x');
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + body));
    UpstreamFixture client;
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    sink.whenBody = [&] {
        exchange->pause();
        if (isLater) {
            QTimer::singleShot(0ms, this, [&] { exchange->resume(); });
        } else {
            exchange->resume();
        }
    };
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY(!sink.error);
    QVERIFY(sink.body == body);
    QCoreApplication::processEvents();
}

DELTA_LOOP_TEST_MAIN(UpstreamPauseTest)
#include "tst_upstream_pause.moc"
