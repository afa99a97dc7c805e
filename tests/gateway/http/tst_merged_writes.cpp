#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <QtTest>
#include <sys/socket.h>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

QByteArray get(const QByteArray &path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

/// Returns the server's end of the client's connection.
int serverDescriptor(const RawClient &client)
{
    for (int fd = 3; fd < 1024; ++fd) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        const bool isConnected = ::getpeername(fd, reinterpret_cast<sockaddr *>(&peer), &size) == 0;
        if (isConnected && ntohs(peer.sin_port) == client.localPort()) {
            return fd;
        }
    }
    return -1;
}

/// Returns how many times the server has sent something to the client: without Nagle's algorithm
/// the kernel makes a segment of every small send.
int sendCount(const RawClient &client)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(serverDescriptor(client), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        return -1;
    }
    return static_cast<int>(info.tcpi_data_segs_out - info.tcpi_total_retrans);
}

} // namespace

/// What is written in one turn of the loop leaves in one send, which costs a system call, a packet
/// and a wake-up of the client.
class MergedWritesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesNoSmallSendToNaglesAlgorithm();
    void sendsHeadAndBodyTogether();
    void sendsTheEventsOfOneTurnTogether();
    void sendsWhatTheLoopItselfWritesTogether();
};

void MergedWritesTest::leavesNoSmallSendToNaglesAlgorithm()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/a"));
    QVERIFY(client.waitForReplies(1));
    int value = 0;
    socklen_t size = sizeof value;

    QCOMPARE(::getsockopt(serverDescriptor(client), IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);

    QCOMPARE(value, 1);
}

void MergedWritesTest::sendsHeadAndBodyTogether()
{
    Edge edge;
    RawClient client(edge.port);

    client.send(get("/a"));

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(sendCount(client), 1);
}

void MergedWritesTest::sendsTheEventsOfOneTurnTogether()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/hold"));
    QVERIFY(edge.waitForRequests(1));
    ports::HttpReply &reply = *edge.held.front();
    reply.begin(200, {});
    for (int index = 0; index < 10; ++index) {
        reply.write("data: " + QByteArray::number(index) + "\n\n");
    }
    QCOMPARE(sendCount(client), 0);
    QVERIFY(test::turnLoopUntil([&] { return client.received().contains("data: 9"); }));
    QCOMPARE(sendCount(client), 1);

    for (int index = 10; index < 20; ++index) {
        reply.write("data: " + QByteArray::number(index) + "\n\n");
    }
    reply.end();

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(sendCount(client), 2);
}

void MergedWritesTest::sendsWhatTheLoopItselfWritesTogether()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/hold"));
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->begin(200, {});
    auto &loop = net::EpollDispatcher::ofThisThread().loop();
    // As the parts of one answer come: each by work of its own, all within one turn.
    for (int index = 0; index < 10; ++index) {
        loop.post([&edge, index] {
            edge.held.front()->write("data: " + QByteArray::number(index) + "\n\n");
        });
    }

    QVERIFY(test::turnLoopUntil([&] { return client.received().contains("data: 9"); }));

    QCOMPARE(sendCount(client), 1);
}

DELTA_LOOP_TEST_MAIN(MergedWritesTest)

#include "tst_merged_writes.moc"
