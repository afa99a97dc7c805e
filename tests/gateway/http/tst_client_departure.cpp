// labels: fault
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <malloc.h>
#include <QtTest>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

const QByteArray holdRequest = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";

/// Returns what the process has allocated; zero under a sanitizer, which allocates by itself.
qint64 allocatedBytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<qint64>(info.uordblks + info.hblkhd);
}

} // namespace

/// Clients that leave, and clients that read slowly or not at all.
class ClientDepartureTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsAClientThatLeft_data();
    void reportsAClientThatLeft();
    void reportsAClientThatLeftInAStream();
    void takesALateAnswerForAClientThatLeft();
    void forgetsTheConnectionOnceTheReplyEnds();
    void answersAClientThatHalfClosedIfTheAnswerIsReady();
    void boundsWhatAStalledReaderMayHold();
    void goesOnWhenAStalledReaderReads();
    void cutsAReaderThatTakesNothing();
    void boundsAndCutsAWholeReplyThatNobodyReads();
    void doesNotAnswerAheadOfAStalledReader();
    void boundsWhatAClientSendsAhead();
};

void ClientDepartureTest::reportsAClientThatLeft_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::newRow("close") << QByteArray("close");
    QTest::newRow("half close") << QByteArray("half");
    QTest::newRow("reset") << QByteArray("reset");
}

void ClientDepartureTest::reportsAClientThatLeft()
{
    QFETCH(const QByteArray, how);
    test::Ear ear;
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->setListener(&ear);
    QVERIFY(edge.held.front()->isClientPresent());

    if (how == "close") {
        client.close();
    } else if (how == "half") {
        client.endWriting();
    } else {
        client.reset();
    }

    QVERIFY(test::turnLoopUntil([&ear] { return ear.gone == 1; }));
    QVERIFY(!edge.held.front()->isClientPresent());
    QVERIFY(!edge.held.front()->isWritable());
    QCOMPARE(edge.server->pendingCount(), 1);
    QCOMPARE(edge.server->connectionCount(), 0);
}

void ClientDepartureTest::reportsAClientThatLeftInAStream()
{
    test::Ear ear;
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->setListener(&ear);
    edge.held.front()->begin(200, {});
    edge.held.front()->write("data: 1\n\n");
    QVERIFY(test::turnLoopUntil([&] { return client.received().contains("data: 1"); }));

    client.close();

    QVERIFY(test::turnLoopUntil([&ear] { return ear.gone == 1; }));
    edge.held.front()->write("data: 2\n\n");
    edge.held.front()->end();
    QCOMPARE(edge.server->pendingCount(), 0);
}

void ClientDepartureTest::takesALateAnswerForAClientThatLeft()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    client.close();
    QVERIFY(test::turnLoopUntil([&] { return !edge.held.front()->isClientPresent(); }));

    edge.held.front()->send(200, {}, "too late");

    QCOMPARE(edge.server->pendingCount(), 0);
}

void ClientDepartureTest::forgetsTheConnectionOnceTheReplyEnds()
{
    Edge edge;
    const auto before = edge.server->findChildren<QObject *>().size();
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    client.close();
    QVERIFY(test::turnLoopUntil([&] { return !edge.held.front()->isClientPresent(); }));
    QCOMPARE(edge.limits.count(), 1);

    edge.held.clear();

    QVERIFY(test::turnLoopUntil(
        [&] { return edge.server->findChildren<QObject *>().size() == before; }));
    QCOMPARE(edge.limits.count(), 0);
}

void ClientDepartureTest::answersAClientThatHalfClosedIfTheAnswerIsReady()
{
    Edge edge;
    RawClient client(edge.port);

    client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    client.endWriting();

    QVERIFY(client.waitForClose());
    QVERIFY(!client.isReset());
    QCOMPARE(client.replies().front().status, 200);
}

void ClientDepartureTest::boundsWhatAStalledReaderMayHold()
{
    test::Ear ear;
    Edge edge;
    RawClient client(edge.port, {.receiveBufferBytes = 4096, .from = {}});
    client.pauseReading();
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    ports::HttpReply &reply = *edge.held.front();
    reply.setListener(&ear);
    reply.begin(200, {});

    // As an upstream would that has 200 MB to give: write while there is room, in each turn of the
    // loop.
    const QByteArray chunk(16 * 1024, 'x');
    qint64 accepted = 0;
    for (int turn = 0; turn < 200; ++turn) {
        for (; reply.isWritable() && accepted < 200'000'000; accepted += chunk.size()) {
            reply.write(chunk);
        }
        RawClient other(edge.port);
        other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(other.waitForReplies(1));
    }

    // The kernel's own buffers are in this: up to 4 MiB for sending.
    QVERIFY2(accepted < 10'000'000, qPrintable(QString::number(accepted)));
    QVERIFY(!reply.isWritable());
    QCOMPARE(ear.gone, 0);
}

void ClientDepartureTest::goesOnWhenAStalledReaderReads()
{
    test::Ear ear;
    Edge edge;
    RawClient client(edge.port, {.receiveBufferBytes = 4096, .from = {}});
    client.pauseReading();
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    ports::HttpReply &reply = *edge.held.front();
    reply.setListener(&ear);
    reply.begin(200, {});
    const QByteArray chunk(16 * 1024, 'x');
    qsizetype written = 0;
    const auto pump = [&] {
        for (; reply.isWritable() && written < 8'000'000; written += chunk.size()) {
            reply.write(chunk);
        }
        return written >= 8'000'000;
    };
    (void)pump();
    QVERIFY(!reply.isWritable());

    client.resumeReading();

    QVERIFY(test::turnLoopUntil(pump));
    QVERIFY(ear.writable > 0);
    reply.end();
    // Millions of bytes come in small pieces: too many to look for replies again after each.
    QVERIFY(test::turnLoopUntil([&client] { return client.received().endsWith("\r\n0\r\n\r\n"); }));
    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().body.size(), written);
}

void ClientDepartureTest::cutsAReaderThatTakesNothing()
{
    http::EdgeSettings settings;
    settings.writeTimeout = std::chrono::milliseconds(50);
    test::Ear ear;
    Edge edge(settings);
    RawClient client(edge.port, {.receiveBufferBytes = 4096, .from = {}});
    client.pauseReading();
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->setListener(&ear);

    edge.held.front()->begin(200, {});
    edge.held.front()->write(QByteArray(8'000'000, 'x'));

    QVERIFY(test::turnLoopUntil([&ear] { return ear.gone == 1; }));
    QCOMPARE(edge.server->connectionCount(), 0);
}

void ClientDepartureTest::boundsAndCutsAWholeReplyThatNobodyReads()
{
    constexpr qint64 replyBytes = 40'000'000;
    http::EdgeSettings settings;
    settings.writeTimeout = std::chrono::milliseconds(300);
    Edge edge(settings);
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200, {}, QByteArray(replyBytes, 'x'));
    };
    const auto objectsBefore = edge.server->findChildren<QObject *>().size();
    RawClient client(edge.port, {.receiveBufferBytes = 4096, .from = {}});
    client.pauseReading();
    const qint64 bytesBefore = allocatedBytes();

    client.send(QByteArray("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").repeated(100));
    QVERIFY(edge.waitForRequests(1));
    const qint64 heldBytes = allocatedBytes() - bytesBefore;

    QVERIFY2(heldBytes < replyBytes + 1'000'000, qPrintable(QString::number(heldBytes)));
    QVERIFY(test::turnLoopUntil([&edge] { return edge.limits.count() == 0; }));
    QCOMPARE(edge.seen.size(), 1U);
    QCOMPARE(edge.server->connectionCount(), 0);
    QCOMPARE(edge.server->pendingCount(), 0);
    QCOMPARE(edge.server->findChildren<QObject *>().size(), objectsBefore);
    const qint64 leftBytes = allocatedBytes() - bytesBefore;
    QVERIFY2(leftBytes < 200'000, qPrintable(QString::number(leftBytes)));
}

void ClientDepartureTest::doesNotAnswerAheadOfAStalledReader()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200, {}, QByteArray(1'000'000, 'x'));
    };
    RawClient client(edge.port, {.receiveBufferBytes = 4096, .from = {}});
    client.pauseReading();

    client.send(QByteArray("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").repeated(1'000));
    for (int turn = 0; turn < 100; ++turn) {
        RawClient other(edge.port);
        other.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(other.waitForReplies(1));
    }

    QVERIFY2(edge.seen.size() < 100 + 20, qPrintable(QString::number(edge.seen.size())));
}

void ClientDepartureTest::boundsWhatAClientSendsAhead()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));

    client.send(QByteArray(64 * 1024 * 1024, 'b'));
    for (int turn = 0; turn < 100; ++turn) {
        RawClient other(edge.port);
        other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(other.waitForReplies(1));
    }

    // What is missing lies in the kernel's buffers: at most 6 MiB to receive and 4 MiB to send.
    QVERIFY2(client.unsentBytes() > 40 * 1024 * 1024,
             qPrintable(QString::number(client.unsentBytes())));
    edge.held.front()->send(200, {}, "ok");
    QVERIFY(client.waitForReplies(2));
    QCOMPARE(client.replies()[0].status, 200);
    QCOMPARE(client.replies()[1].status, 400);
}

DELTA_LOOP_TEST_MAIN(ClientDepartureTest)

#include "tst_client_departure.moc"
