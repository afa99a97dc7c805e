// labels: hostile
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <malloc.h>
#include <QtTest>

#include <memory>
#include <vector>

using namespace delta;
using test::Edge;
using test::RawClient;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype megabyte = 1'000'000;

/// Returns a request whose body has twice as many bytes as are sent of it.
QByteArray halfRequest(qsizetype sentBytes)
{
    return "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: " + QByteArray::number(2 * sentBytes)
        + "\r\n\r\n" + QByteArray(sentBytes, 'b');
}

http::EdgeSettings settingsFor(qint64 budget)
{
    http::EdgeSettings settings;
    settings.maxBufferedBodyBytes = budget;
    settings.bodyTimeout = 10min;
    return settings;
}

/// Returns what the process has allocated; zero under a sanitizer, which allocates by itself.
qint64 allocatedBytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<qint64>(info.uordblks + info.hblkhd);
}

} // namespace

/// Bodies that have not come to their end fill the memory of a gateway that knows nothing of who
/// sends them.
class BodyMemoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesTheBodyThatFindsNoRoom();
    void boundsWhatManyClientsHold();
    void doesNotCountSmallBodies();
    void takesEveryBodyWithoutALimit();
    void givesTheRoomBack_data();
    void givesTheRoomBack();
    void freesTheBodyOfARefusedClientThatLingers();
};

void BodyMemoryTest::refusesTheBodyThatFindsNoRoom()
{
    Edge edge(settingsFor(megabyte));
    RawClient first(edge.port);
    RawClient second(edge.port);
    RawClient small(edge.port);
    first.send(halfRequest(500'000));
    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() > 400'000; }));

    second.send(halfRequest(700'000));

    QVERIFY(second.waitForClose());
    QVERIFY(!second.isReset());
    QCOMPARE(second.replies().front().status, 503);
    QCOMPARE(second.replies().front().field("connection"), QByteArray("close"));
    QCOMPARE(second.replies().front().field("retry-after"), QByteArray("1"));
    QVERIFY(second.replies().front().body.contains("\"code\":\"overloaded\""));
    small.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
    QVERIFY(small.waitForReplies(1));
    QCOMPARE(small.replies().front().status, 200);
    first.send(QByteArray(500'000, 'b'));
    QVERIFY(first.waitForReplies(1));
    QCOMPARE(first.replies().front().status, 200);
}

void BodyMemoryTest::boundsWhatManyClientsHold()
{
    Edge edge(settingsFor(10 * megabyte));
    std::vector<std::unique_ptr<RawClient>> clients;
    qint64 most = 0;
    for (int index = 0; index < 40; ++index) {
        clients.push_back(std::make_unique<RawClient>(edge.port));
        clients.back()->send(halfRequest(megabyte));
    }

    const auto refusedCount = [&] {
        most = std::max(most, edge.bodies.used());
        return std::ranges::count_if(clients,
                                     [](const auto &client) { return client->isClosed(); });
    };

    // At least the ten that hold what there is, or parts of it, stay.
    QVERIFY(test::turnLoopUntil([&] { return refusedCount() >= 20; }));
    QVERIFY(most <= 10 * megabyte);
    clients.clear();
    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() == 0; }));
}

void BodyMemoryTest::doesNotCountSmallBodies()
{
    Edge edge(settingsFor(1));
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int index = 0; index < 20; ++index) {
        clients.push_back(std::make_unique<RawClient>(edge.port));
        clients.back()->send(halfRequest(30'000));
    }
    test::turnLoopFor(50ms);

    for (const auto &client : clients) {
        client->send(QByteArray(30'000, 'b'));
    }

    for (const auto &client : clients) {
        QVERIFY(client->waitForReplies(1));
        QCOMPARE(client->replies().front().status, 200);
    }
}

void BodyMemoryTest::takesEveryBodyWithoutALimit()
{
    Edge edge(settingsFor(0));
    RawClient client(edge.port);
    client.send(halfRequest(8 * megabyte));
    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() > 7 * megabyte; }));

    client.send(QByteArray(8 * megabyte, 'b'));

    QVERIFY(edge.waitForRequests(1));
    QCOMPARE(edge.seen.front().body.size(), 16 * megabyte);
}

void BodyMemoryTest::givesTheRoomBack_data()
{
    QTest::addColumn<QByteArray>("how");
    for (const char *how :
         {"complete", "held", "close", "half close", "reset", "malformed", "cut"}) {
        QTest::newRow(how) << QByteArray(how);
    }
}

void BodyMemoryTest::givesTheRoomBack()
{
    QFETCH(const QByteArray, how);
    Edge edge(settingsFor(10 * megabyte));
    RawClient client(edge.port);
    const QByteArray path = how == "held" ? "/hold" : "/a";
    client.send("POST " + path
                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nF4240\r\n"
                + QByteArray(megabyte, 'b'));
    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() > 900'000; }));

    if (how == "complete" || how == "held") {
        client.send("\r\n0\r\n\r\n");
    } else if (how == "close") {
        client.close();
    } else if (how == "half close") {
        client.endWriting();
    } else if (how == "reset") {
        client.reset();
    } else if (how == "malformed") {
        client.send("nonsense");
    } else {
        edge.server.reset();
    }

    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() == 0; }));
    QCOMPARE(edge.held.size(), how == "held" ? 1U : 0U);
}

void BodyMemoryTest::freesTheBodyOfARefusedClientThatLingers()
{
    http::EdgeSettings settings = settingsFor(100 * megabyte);
    settings.bodyTimeout = 1s;
    Edge edge(settings);
    RawClient client(edge.port);
    client.pauseReading(); // So it does not notice that it should close.
    client.send(halfRequest(15 * megabyte));
    const qint64 before = allocatedBytes();
    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() > 14 * megabyte; }));

    QVERIFY(test::turnLoopUntil([&] { return edge.bodies.used() == 0; }));

    QCOMPARE(edge.limits.count(), 1);
    const qint64 grown = allocatedBytes() - before;
    QVERIFY2(grown < 3 * megabyte, qPrintable(QString::number(grown)));
}

DELTA_LOOP_TEST_MAIN(BodyMemoryTest)

#include "tst_body_memory.moc"
