// labels: fault hostile
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QTcpServer>
#include <QtTest>
#include <sys/resource.h>

#include <ctime>
#include <system_error>
#include <vector>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

const QByteArray getRequest = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

/// Lowers the process's limit of descriptors for its lifetime.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t most)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit lowered = m_before;
        lowered.rlim_cur = most;
        ::setrlimit(RLIMIT_NOFILE, &lowered);
    }
    ~DescriptorLimit()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }
    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

private:
    rlimit m_before{};
};

/// Returns the lowest free descriptor, below which all are in use.
rlim_t nextDescriptor()
{
    const http::FileDescriptor probe(::dup(0));
    return static_cast<rlim_t>(probe.get());
}

/// Takes another handler's place in the loop, which then cannot have it back.
class Occupant final : public net::FdHandler
{
public:
    /// Takes the place if it is free, and says whether it has it.
    [[nodiscard]] bool tryToOccupy(net::EventLoop &loop, int fd)
    {
        try {
            if (!m_isThere) {
                loop.add(fd, 0, *this);
            }
            m_isThere = true;
        } catch (const std::system_error &) {
            return false;
        }
        return true;
    }
    void onEvents(std::uint32_t) override
    {
    }

private:
    bool m_isThere = false;
};

std::chrono::nanoseconds processorTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

/// What happens when there are more clients than places for them.
class ConnectionCapsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void turnsAwayWhoIsBeyondTheCap();
    void turnsAwayWhoIsBeyondTheCapOfAnAddress();
    void givesAPlaceBackWhenItsClientLeaves();
    void survivesTheEndOfDescriptors();
    void doesNotSpinWithoutDescriptors();
    void goesOnAcceptingAfterItCouldNot();
};

void ConnectionCapsTest::turnsAwayWhoIsBeyondTheCap()
{
    http::EdgeSettings settings;
    settings.maxConnections = 2;
    Edge edge(settings);
    RawClient first(edge.port);
    RawClient second(edge.port);
    second.send(getRequest);
    QVERIFY(second.waitForReplies(1));

    RawClient third(edge.port);

    QVERIFY(third.waitForClose());
    QCOMPARE(third.replies().front().status, 503);
    QCOMPARE(third.replies().front().field("connection"), QByteArray("close"));
    QVERIFY(third.replies().front().body.contains("\"code\":\"overloaded\""));
    first.send(getRequest);
    QVERIFY(first.waitForReplies(1));
    QCOMPARE(first.replies().front().status, 200);
}

void ConnectionCapsTest::turnsAwayWhoIsBeyondTheCapOfAnAddress()
{
    http::EdgeSettings settings;
    settings.maxConnectionsPerAddress = 1;
    Edge edge(settings);
    RawClient first(edge.port, {.receiveBufferBytes = 0, .from = "127.0.0.2"});
    first.send(getRequest);
    QVERIFY(first.waitForReplies(1));

    RawClient same(edge.port, {.receiveBufferBytes = 0, .from = "127.0.0.2"});
    RawClient other(edge.port, {.receiveBufferBytes = 0, .from = "127.0.0.3"});
    other.send(getRequest);

    QVERIFY(same.waitForClose());
    QCOMPARE(same.replies().front().status, 503);
    QVERIFY(other.waitForReplies(1));
    QCOMPARE(other.replies().front().status, 200);
}

void ConnectionCapsTest::givesAPlaceBackWhenItsClientLeaves()
{
    http::EdgeSettings settings;
    settings.maxConnections = 1;
    Edge edge(settings);
    for (int round = 0; round < 20; ++round) {
        RawClient client(edge.port);
        client.send(getRequest);
        QVERIFY(client.waitForReplies(1));
        QCOMPARE(client.replies().front().status, 200);
        client.close();
        QVERIFY(test::turnLoopUntil([&edge] { return edge.limits.count() == 0; }));
    }
}

void ConnectionCapsTest::survivesTheEndOfDescriptors()
{
    Edge edge;
    std::vector<std::unique_ptr<RawClient>> clients;
    clients.push_back(std::make_unique<RawClient>(edge.port));
    clients.back()->send(getRequest);
    QVERIFY(clients.back()->waitForReplies(1));
    {
        // Room for ten clients; their server ends find none.
        const DescriptorLimit limit(nextDescriptor() + 10);
        for (int index = 0; index < 10; ++index) {
            clients.push_back(std::make_unique<RawClient>(edge.port));
        }
        for (std::size_t index = 1; index < clients.size(); ++index) {
            QVERIFY(clients[index]->waitForClose());
            QCOMPARE(clients[index]->replies().front().status, 503);
        }
        clients.front()->send(getRequest);
        QVERIFY(clients.front()->waitForReplies(2));
    }
    clients.clear();

    RawClient after(edge.port);
    after.send(getRequest);

    QVERIFY(after.waitForReplies(1));
    QCOMPARE(after.replies().front().status, 200);
}

void ConnectionCapsTest::doesNotSpinWithoutDescriptors()
{
    Edge edge;
    RawClient first(edge.port);
    first.send(getRequest);
    QVERIFY(first.waitForReplies(1));
    RawClient waiting(edge.port);
    {
        // The waiting client's place in the queue keeps the listener readable all the time.
        const DescriptorLimit limit(0);
        const auto before = processorTime();
        test::turnLoopFor(std::chrono::seconds(1));
        const auto used = processorTime() - before;
        QVERIFY2(used < std::chrono::milliseconds(500), qPrintable(QString::number(used.count())));
        QVERIFY(!waiting.isClosed());
    }

    waiting.send(getRequest);

    QVERIFY(waiting.waitForReplies(1));
    QCOMPARE(waiting.replies().front().status, 200);
}

void ConnectionCapsTest::goesOnAcceptingAfterItCouldNot()
{
    Edge edge;
    RawClient first(edge.port);
    first.send(getRequest);
    QVERIFY(first.waitForReplies(1));
    RawClient waiting(edge.port);
    const auto listener = static_cast<int>(
        edge.server->findChild<QTcpServer *>()->socketDescriptor());
    auto &loop = net::EpollDispatcher::ofThisThread().loop();
    Occupant occupant;
    QVERIFY(!occupant.tryToOccupy(loop, listener)); // As long as the server listens.
    {
        // While the server pauses for want of descriptors, the loop comes to refuse its listener.
        const DescriptorLimit limit(0);
        QVERIFY(test::turnLoopUntil([&] { return occupant.tryToOccupy(loop, listener); }));
    }
    test::turnLoopFor(std::chrono::milliseconds(300));
    QCOMPARE(edge.limits.count(), 1);

    loop.remove(listener, occupant);

    waiting.send(getRequest);
    QVERIFY(waiting.waitForReplies(1));
    QCOMPARE(waiting.replies().front().status, 200);
}

DELTA_LOOP_TEST_MAIN(ConnectionCapsTest)

#include "tst_connection_caps.moc"
