// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

#include <algorithm>
#include <atomic>

using namespace delta;
using namespace delta::test;
using namespace std::chrono_literals;
using ports::UpstreamFault;

/// How both clients share connections.
class UpstreamPoolTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void opensNoMoreConnectionsThanAllowed();
    void servesTheQueueInOrder();
    void servesTheQueueWhenAConnectionIsLost();
    void failsWhoWaitsTooLongForAConnection();
    void leavesTheQueueWhenCancelled();
    void reusesTheConnectionUsedLast();
    void keepsNoMoreIdleConnectionsThanAllowed();
    void closesIdleConnectionsThatAreTooOld();
    void doesNotReuseAConnectionOlderThanAllowed();
    void noticesThatAnIdleConnectionWasClosed();
    void takesNoAnswerThatCameUnasked();
    void givesTheNextInLineNoAnswerThatCameUnasked();
    void keepsOriginsApart();
    void finishesAThousandSlowRequestsAtOnce();
};

void UpstreamPoolTest::initTestCase_data()
{
    addClientKinds();
}

namespace {

/// Exchanges that run side by side, each with its sink.
struct Batch {
    struct Entry {
        RecordingSink sink;
        std::unique_ptr<ports::UpstreamExchange> exchange;
    };
    std::vector<std::unique_ptr<Entry>> entries;

    void send(UpstreamFixture &client, const ports::UpstreamRequest &request)
    {
        entries.push_back(std::make_unique<Entry>());
        entries.back()->exchange = client.send(request, entries.back()->sink);
    }
    [[nodiscard]] qsizetype overCount() const
    {
        return std::ranges::count_if(entries,
                                     [](const auto &entry) { return entry->sink.isOver(); });
    }
    [[nodiscard]] qsizetype okCount() const
    {
        return std::ranges::count_if(entries, [](const auto &entry) {
            return entry->sink.body == "ok" && !entry->sink.error;
        });
    }
    [[nodiscard]] bool isOver() const
    {
        return overCount() == static_cast<qsizetype>(entries.size());
    }
};

/// A script whose first connection answers its first request, and a second time when the gate
/// opens. `sent` tells of that.
ScriptedServer::Script answeringTwice(ScriptedGate &gate, ScriptedGate &sent)
{
    return [&gate, &sent](ScriptedPeer &peer) {
        if (peer.index() > 0) {
            answering(okResponse)(peer);
            return;
        }
        peer.readRequest();
        peer.send(okResponse);
        peer.wait(gate);
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
        sent.open();
        peer.waitForClose();
    };
}

} // namespace

void UpstreamPoolTest::opensNoMoreConnectionsThanAllowed()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client({.maxConnectionsPerOrigin = 3, .poolTimeout = 60s});
    Batch batch;
    for (int index = 0; index < 50; ++index) {
        batch.send(client, requestTo(server.port()));
    }
    QVERIFY(eventually([&] { return batch.isOver(); }));
    QCOMPARE(batch.okCount(), 50);
    QCOMPARE(server.connectionCount(), 3);
}

void UpstreamPoolTest::servesTheQueueInOrder()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client({.maxConnectionsPerOrigin = 1, .poolTimeout = 60s});
    Batch batch;
    for (int index = 0; index < 10; ++index) {
        batch.send(client, requestTo(server.port(), "/" + QByteArray::number(index)));
    }
    QVERIFY(eventually([&] { return batch.isOver(); }));
    const auto requests = server.requests();
    for (int index = 0; index < 10; ++index) {
        QCOMPARE(requests.at(static_cast<std::size_t>(index)).path(),
                 "/" + QByteArray::number(index));
    }
}

void UpstreamPoolTest::servesTheQueueWhenAConnectionIsLost()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        const auto request = peer.readRequest();
        if (request && request->path() == "/good") {
            peer.send(okResponse);
        }
    });
    UpstreamFixture client({.maxConnectionsPerOrigin = 1, .poolTimeout = 60s});
    Batch batch;
    for (const char *path : {"/bad", "/good", "/bad", "/good"}) {
        batch.send(client, requestTo(server.port(), path));
    }
    QVERIFY(eventually([&] { return batch.isOver(); }));
    QCOMPARE(batch.okCount(), 2);
}

void UpstreamPoolTest::failsWhoWaitsTooLongForAConnection()
{
    ScriptedServer server([](ScriptedPeer &peer) { peer.waitForClose(); });
    UpstreamFixture client({.maxConnectionsPerOrigin = 1, .poolTimeout = 60ms});
    RecordingSink busy;
    RecordingSink waiting;
    const auto first = client.send(requestTo(server.port()), busy);
    QVERIFY(client.run(requestTo(server.port()), waiting));
    QCOMPARE(waiting.error.value().fault, UpstreamFault::PoolFull);
    QVERIFY(!busy.isOver());
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamPoolTest::leavesTheQueueWhenCancelled()
{
    ScriptedGate gate;
    ScriptedServer server([&](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.wait(gate);
            peer.send(okResponse);
        }
    });
    UpstreamFixture client({.maxConnectionsPerOrigin = 1, .poolTimeout = 60s});
    RecordingSink first;
    RecordingSink cancelled;
    RecordingSink last;
    const auto one = client.send(requestTo(server.port(), "/1"), first);
    auto two = client.send(requestTo(server.port(), "/2"), cancelled);
    const auto three = client.send(requestTo(server.port(), "/3"), last);
    QVERIFY(eventually([&] { return server.requests().size() == 1; }));
    two.reset();
    gate.open();
    QVERIFY(eventually([&] { return last.isOver(); }));
    QVERIFY(first.isOver());
    QVERIFY(!cancelled.isOver());
    QCOMPARE(server.requests().size(), 2U);
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamPoolTest::reusesTheConnectionUsedLast()
{
    QFETCH_GLOBAL(const ClientKind, kind);
    if (kind == ClientKind::Curl) {
        QSKIP("libcurl chooses among idle connections as it likes");
    }
    ScriptedServer server([](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
                      + QByteArray::number(peer.index()));
        }
    });
    UpstreamFixture client;
    // Three connections, released one after another: first, then second, then third.
    Batch batch;
    for (int index = 0; index < 3; ++index) {
        batch.send(client, requestTo(server.port()));
    }
    std::vector<QByteArray> order;
    for (const auto &entry : batch.entries) {
        entry->sink.whenOver = [&order, &entry] { order.push_back(entry->sink.body); };
    }
    QVERIFY(eventually([&] { return order.size() == 3; }));
    for (int round = 0; round < 3; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(requestTo(server.port()), sink));
        QCOMPARE(sink.body, order.back());
    }
}

void UpstreamPoolTest::keepsNoMoreIdleConnectionsThanAllowed()
{
    ScriptedGate gate;
    ScriptedServer server([&](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.wait(gate);
            peer.send(okResponse);
        }
    });
    UpstreamFixture client({.maxIdlePerOrigin = 2});
    Batch batch;
    for (int index = 0; index < 6; ++index) {
        batch.send(client, requestTo(server.port()));
    }
    QVERIFY(eventually([&] { return server.requests().size() == 6; }));
    gate.open();
    QVERIFY(eventually([&] { return batch.isOver(); }));
    QVERIFY(eventually([&] { return server.closedByClientCount() == 4; }));
}

void UpstreamPoolTest::closesIdleConnectionsThatAreTooOld()
{
    QFETCH_GLOBAL(const ClientKind, kind);
    if (kind == ClientKind::Curl) {
        QSKIP("libcurl closes old connections only when it looks for one");
    }
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client({.idleExpiry = 50ms});
    RecordingSink sink;
    QVERIFY(client.run(requestTo(server.port()), sink));
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
}

void UpstreamPoolTest::doesNotReuseAConnectionOlderThanAllowed()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client({.idleExpiry = 1s});
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(requestTo(server.port()), first));
    QTest::qWait(2'100);
    QVERIFY(client.run(requestTo(server.port()), second));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server.connectionCount(), 2);
}

void UpstreamPoolTest::noticesThatAnIdleConnectionWasClosed()
{
    std::atomic<int> closed = 0;
    ScriptedServer server([&closed](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send(okResponse);
        peer.close();
        ++closed;
    });
    UpstreamFixture client;
    for (int round = 1; round <= 3; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(requestTo(server.port()), sink));
        QCOMPARE(sink.body, "ok");
        QVERIFY(eventually([&] { return closed == round; }));
    }
    QCOMPARE(server.connectionCount(), 3);
}

void UpstreamPoolTest::takesNoAnswerThatCameUnasked()
{
    ScriptedGate gate;
    ScriptedGate sent;
    ScriptedServer server(answeringTwice(gate, sent));
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(requestTo(server.port()), first));
    // The loop does not turn while the second answer comes, so that nothing has looked at it.
    gate.open();
    sent.waitOpen();
    QVERIFY(client.run(requestTo(server.port()), second));
    QVERIFY2(!second.error, qPrintable(second.error ? second.error->detail : QString()));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(server.requests().size(), 2U);
}

void UpstreamPoolTest::givesTheNextInLineNoAnswerThatCameUnasked()
{
    ScriptedGate gate;
    ScriptedGate sent;
    ScriptedServer server(answeringTwice(gate, sent));
    UpstreamFixture client({.maxConnectionsPerOrigin = 1, .poolTimeout = 60s});
    Batch batch;
    batch.send(client, requestTo(server.port()));
    batch.send(client, requestTo(server.port()));
    // The connection goes from the first to the second at the end of what is being read here.
    batch.entries.front()->sink.whenBody = [&] {
        gate.open();
        sent.waitOpen();
    };
    QVERIFY(eventually([&] { return batch.isOver(); }));
    QCOMPARE(batch.okCount(), 2);
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(server.requests().size(), 2U);
}

void UpstreamPoolTest::keepsOriginsApart()
{
    ScriptedServer server(answering(okResponse));
    UpstreamFixture client;
    for (const char *host : {"127.0.0.1", "localhost", "127.0.0.1", "localhost"}) {
        RecordingSink sink;
        ports::UpstreamRequest request = requestTo(server.port());
        request.origin.host = host;
        QVERIFY(client.run(request, sink));
        QCOMPARE(sink.body, "ok");
    }
    QCOMPARE(server.connectionCount(), 2);
}

void UpstreamPoolTest::finishesAThousandSlowRequestsAtOnce()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.wait(2s);
        peer.send(okResponse);
        peer.waitForClose();
    });
    UpstreamFixture client;
    Batch batch;
    QElapsedTimer clock;
    clock.start();
    for (int index = 0; index < 1'000; ++index) {
        batch.send(client, requestTo(server.port()));
    }
    QVERIFY(eventually([&] { return batch.isOver(); }, 60s));
    qInfo("1,000 requests to a provider that takes 2 s: %lld ms", clock.elapsed());
    QCOMPARE(batch.okCount(), 1'000);
    QCOMPARE(server.connectionCount(), 1'000);
}

DELTA_LOOP_TEST_MAIN(UpstreamPoolTest)
#include "tst_upstream_pool.moc"
