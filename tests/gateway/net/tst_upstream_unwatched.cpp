// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

#include <QDir>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

using namespace delta;
using namespace delta::test;
using ports::UpstreamFault;

namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

/// How many descriptors the kernel still agrees to watch.
int watchesLeft = unlimited;

} // namespace

/// Stands before the C library's function of that name in this program, because the kernel's own
/// limit holds for all of a user's processes.
extern "C" int epoll_ctl(int epoll, int operation, int fd, epoll_event *event) noexcept
{
    if (operation == EPOLL_CTL_ADD) {
        if (watchesLeft == 0) {
            errno = ENOSPC;
            return -1;
        }
        watchesLeft -= watchesLeft == unlimited ? 0 : 1;
    }
    return static_cast<int>(::syscall(SYS_epoll_ctl, epoll, operation, fd, event));
}

/// What both clients do when the kernel cannot watch their sockets.
class UpstreamUnwatchedTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void cleanup();
    void failsWhenNothingCanBeWatched();
    void sendsNothingOnAConnectionThatCannotBeWatched();
    void failsWhenItCannotBeWatchedAfterAPause();
};

void UpstreamUnwatchedTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamUnwatchedTest::cleanup()
{
    watchesLeft = unlimited;
}

void UpstreamUnwatchedTest::failsWhenNothingCanBeWatched()
{
    const auto openCount = [] { return QDir(QStringLiteral("/proc/self/fd")).count(); };
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    const auto before = openCount();
    watchesLeft = 0;
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(sink.error.has_value());
    QCOMPARE(sink.endCount, 1);
    QVERIFY(eventually([&] { return server.closedByClientCount() == server.connectionCount(); }));
    QVERIFY(eventually([&] { return openCount() <= before; }));
    watchesLeft = unlimited;
    RecordingSink next;
    QVERIFY(client.run(requestTo(server.port()), next));
    QCOMPARE(next.body, "ok");
}

void UpstreamUnwatchedTest::sendsNothingOnAConnectionThatCannotBeWatched()
{
    QFETCH_GLOBAL(const ClientKind, kind);
    if (kind == ClientKind::Curl) {
        QSKIP("libcurl watches a socket from the beginning of its connection to the end");
    }
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    watchesLeft = 1; // Enough to connect.
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QCOMPARE(sink.error.value().fault, UpstreamFault::Connect);
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
    QVERIFY(server.log(0).received.isEmpty());
}

void UpstreamUnwatchedTest::failsWhenItCannotBeWatchedAfterAPause()
{
    QFETCH_GLOBAL(const ClientKind, kind);
    if (kind == ClientKind::Curl) {
        QSKIP("when libcurl stops watching is its own affair");
    }
    ScriptedGate gate;
    ScriptedServer server([&](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
        peer.wait(gate);
        peer.send("c");
        peer.waitForClose();
    });
    UpstreamFixture client;
    RecordingSink sink;
    const auto exchange = client.send(requestTo(server.port()), sink);
    sink.whenBody = [&] {
        exchange->pause();
        gate.open();
    };
    QVERIFY(eventually([&] { return server.log(0).sentBytes == 41; }));
    QCoreApplication::processEvents(); // The client sees it, and stops watching.
    watchesLeft = 0;
    exchange->resume();
    QVERIFY(!sink.isOver());
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.error.value().fault, UpstreamFault::Closed);
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
}

DELTA_LOOP_TEST_MAIN(UpstreamUnwatchedTest)
#include "tst_upstream_unwatched.moc"
