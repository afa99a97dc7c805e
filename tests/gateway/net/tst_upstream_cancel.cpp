// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"
#include "tests/support/scripted_black_hole.h"

using namespace delta;
using namespace delta::test;

/// How both clients stop for good.
class UpstreamCancelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void closesTheConnectionWhenCancelled_data();
    void closesTheConnectionWhenCancelled();
    void givesUpConnecting();
    void givesUpLookingANameUp();
    void cancelsInsideOfAnotherExchangesCall();
    void keepsTheConnectionOfACompleteResponse();
};

void UpstreamCancelTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamCancelTest::closesTheConnectionWhenCancelled_data()
{
    QTest::addColumn<QByteArray>("phase");
    for (const char *phase :
         {"sending", "before the head", "inside the head", "after the head", "inside the body"}) {
        QTest::newRow(phase) << QByteArray(phase);
    }
}

void UpstreamCancelTest::closesTheConnectionWhenCancelled()
{
    QFETCH(const QByteArray, phase);
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
    ScriptedServer server([&](ScriptedPeer &peer) {
        if (phase == "sending") {
            peer.readSome();
            peer.waitForClose();
            return;
        }
        peer.readRequest();
        peer.send(phase == "before the head"       ? QByteArray()
                      : phase == "inside the head" ? head.first(20)
                      : phase == "after the head"  ? head
                                                   : head + "some");
        peer.waitForClose();
    });
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(server.port());
    if (phase == "sending") {
        request.body = {QByteArray(16'000'000, 'x')};
    }
    auto exchange = client.send(request, sink);
    QVERIFY(eventually([&] {
        return phase == "after the head" ? sink.headCount == 1
            : phase == "inside the body" ? sink.body == "some"
            : phase == "sending"         ? !server.log(0).received.isEmpty()
            : phase == "inside the head" ? server.log(0).sentBytes > 0
                                         : server.requests().size() == 1;
    }));
    exchange.reset();
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
    QCOMPARE(sink.endCount, 0);
}

void UpstreamCancelTest::givesUpConnecting()
{
    const ScriptedBlackHole hole;
    UpstreamFixture client;
    RecordingSink sink;
    auto exchange = client.send(requestTo(hole.port()), sink);
    for (int turn = 0; turn < 3; ++turn) {
        QCoreApplication::processEvents();
    }
    exchange.reset();
    QCoreApplication::processEvents();
    QCOMPARE(sink.endCount, 0);
}

void UpstreamCancelTest::givesUpLookingANameUp()
{
    UpstreamFixture client;
    RecordingSink sink;
    ports::UpstreamRequest request = requestTo(80);
    request.origin.host = "no-such-host.invalid";
    auto exchange = client.send(request, sink);
    QCoreApplication::processEvents();
    const int ends = sink.endCount; // One if the answer was quicker than we are.
    exchange.reset();
    QCoreApplication::processEvents();
    QCOMPARE(sink.endCount, ends);
}

void UpstreamCancelTest::cancelsInsideOfAnotherExchangesCall()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        while (const auto request = peer.readRequest()) {
            if (request->path() == "/slow") {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
                peer.waitForClose();
                return;
            }
            peer.send(okResponse);
        }
    });
    UpstreamFixture client;
    RecordingSink slow;
    RecordingSink quick;
    RecordingSink next;
    auto slowExchange = client.send(requestTo(server.port(), "/slow"), slow);
    QVERIFY(eventually([&] { return slow.body == "some"; }));
    std::unique_ptr<ports::UpstreamExchange> nextExchange;
    const auto quickExchange = client.send(requestTo(server.port()), quick);
    quick.whenBody = [&] {
        slowExchange.reset();
        nextExchange = client.send(requestTo(server.port()), next);
    };
    QVERIFY(eventually([&] { return quick.isOver() && next.isOver(); }));
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
    QCOMPARE(slow.endCount, 0);
    QCOMPARE(quick.body, "ok");
    QCOMPARE(next.body, "ok");
}

void UpstreamCancelTest::keepsTheConnectionOfACompleteResponse()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    for (int round = 0; round < 3; ++round) {
        RecordingSink sink;
        auto exchange = client.send(requestTo(server.port()), sink);
        QVERIFY(eventually([&] { return sink.isOver(); }));
        exchange.reset();
    }
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.closedByClientCount(), 0);
}

DELTA_LOOP_TEST_MAIN(UpstreamCancelTest)
#include "tst_upstream_cancel.moc"
