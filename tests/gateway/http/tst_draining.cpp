// labels: fault
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>
#include <sys/socket.h>

using namespace delta;
using test::Edge;
using test::RawClient;
using namespace std::chrono_literals;

namespace {

const QByteArray getRequest = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
const QByteArray holdRequest = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

/// How the edge goes down without losing a request.
class DrainingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closesIdleConnectionsAtOnce();
    void finishesRepliesInProgress();
    void finishesABegunStream();
    void answersARequestThatIsHalfHere();
    void answersWhatIsInTheQueue();
    void refusesNewConnections();
    void leavesAnInheritedListenerToItsSuccessor();
    void cutsWhatIsLeftAfterTheTimeout();
    void reportsOnceWhenNothingIsOpen();
    void mayBeDestroyedBeforeItReports();
};

void DrainingTest::closesIdleConnectionsAtOnce()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(getRequest);
    QVERIFY(client.waitForReplies(1));
    int drained = 0;

    edge.server->drain(10min, [&drained] { ++drained; });

    QVERIFY(client.waitForClose());
    QVERIFY(test::turnLoopUntil([&drained] { return drained == 1; }));
    QCOMPARE(edge.server->connectionCount(), 0);
}

void DrainingTest::finishesRepliesInProgress()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest + getRequest);
    QVERIFY(edge.waitForRequests(1));
    int drained = 0;

    edge.server->drain(10min, [&drained] { ++drained; });
    test::turnLoopFor(50ms);
    QCOMPARE(drained, 0);
    edge.held.front()->send(200, {}, "finished");

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().size(), 1U);
    QCOMPARE(client.replies().front().body, QByteArray("finished"));
    QCOMPARE(client.replies().front().field("connection"), QByteArray("close"));
    QVERIFY(test::turnLoopUntil([&drained] { return drained == 1; }));
    QCOMPARE(edge.seen.size(), 1U);
}

void DrainingTest::finishesABegunStream()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->begin(200, {});
    edge.held.front()->write("one ");
    QVERIFY(test::turnLoopUntil([&] { return client.received().contains("one "); }));

    edge.server->drain(10min, [] { });
    edge.held.front()->write("two");
    edge.held.front()->end();

    QVERIFY(client.waitForClose());
    QVERIFY(!client.isReset());
    QVERIFY(client.replies().front().isComplete);
    QCOMPARE(client.replies().front().body, QByteArray("one two"));
}

void DrainingTest::answersARequestThatIsHalfHere()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(getRequest.first(10));
    QVERIFY(test::turnLoopUntil([&edge] { return edge.server->connectionCount() == 1; }));

    edge.server->drain(10min, [] { });
    client.send(getRequest.sliced(10));

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().front().status, 200);
    QCOMPARE(client.replies().front().field("connection"), QByteArray("close"));
}

void DrainingTest::answersWhatIsInTheQueue()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(getRequest);
    QCOMPARE(edge.server->connectionCount(), 0); // The loop has not turned: nobody accepted it yet.

    edge.server->drain(10min, [] { });

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().size(), 1U);
    QCOMPARE(client.replies().front().status, 200);
}

void DrainingTest::refusesNewConnections()
{
    Edge edge;

    edge.server->stopAccepting();

    QVERIFY_THROWS_EXCEPTION(std::system_error, RawClient(edge.port));
}

void DrainingTest::leavesAnInheritedListenerToItsSuccessor()
{
    auto listeners = http::openListeners({"127.0.0.1", 0}, 1);
    const http::FileDescriptor managers(::dup(listeners->front().fd.get()));
    const quint16 port = http::portOf(listeners->front());
    Edge edge;
    QVERIFY(
        edge.server->listen({std::move(listeners->front().fd), http::Listener::Origin::Inherited}));
    RawClient client(port);
    client.send(getRequest);

    edge.server->drain(10min, [] { });
    test::turnLoopFor(50ms);
    QVERIFY(!client.isClosed());
    Edge successor;
    QVERIFY(successor.server->listen(
        {http::FileDescriptor(::dup(managers.get())), http::Listener::Origin::Inherited}));

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(edge.seen.size(), 0U);
    QCOMPARE(successor.seen.size(), 1U);
}

void DrainingTest::cutsWhatIsLeftAfterTheTimeout()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    test::Ear ear;
    edge.held.front()->setListener(&ear);
    int drained = 0;

    edge.server->drain(50ms, [&drained] { ++drained; });

    QVERIFY(client.waitForClose());
    QCOMPARE(ear.gone, 1);
    QVERIFY(test::turnLoopUntil([&drained] { return drained == 1; }));
    edge.held.clear();
    test::turnLoopFor(50ms);
    QCOMPARE(drained, 1);
}

void DrainingTest::reportsOnceWhenNothingIsOpen()
{
    Edge edge;
    int drained = 0;

    edge.server->drain(10min, [&drained] { ++drained; });

    QCOMPARE(drained, 0);
    QVERIFY(test::turnLoopUntil([&drained] { return drained == 1; }));
}

void DrainingTest::mayBeDestroyedBeforeItReports()
{
    Edge edge;
    int drained = 0;
    edge.server->drain(10min, [&drained] { ++drained; });

    edge.server.reset();

    test::turnLoopFor(50ms);
    QCOMPARE(drained, 0);
}

DELTA_LOOP_TEST_MAIN(DrainingTest)

#include "tst_draining.moc"
