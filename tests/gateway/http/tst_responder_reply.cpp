#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

const QByteArray holdRequest = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";
const QByteArray nextRequest = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

/// The contract of ports::HttpReply.
class ResponderReplyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers500WhenDropped_data();
    void answers500WhenDropped();
    void cutsABegunStreamWhenDropped_data();
    void cutsABegunStreamWhenDropped();
    void resetsAnAbortedStreamThatHasNoLength();
    void closesWithoutAReplyWhenAbortedFirst();
    void ignoresWhatComesAfterTheEnd();
    void sendsNoBodyWithSomeStatuses_data();
    void sendsNoBodyWithSomeStatuses();
    void sendsAStatusWithoutPhrase();
    void turnsAnImpossibleStatusInto500_data();
    void turnsAnImpossibleStatusInto500();
    void dropsHeadersThatItOwns();
    void dropsHeadersThatWouldSmuggle();
    void outlivesItsServer();
};

void ResponderReplyTest::answers500WhenDropped_data()
{
    QTest::addColumn<bool>("isLater");
    QTest::newRow("in the handler") << false;
    QTest::newRow("later") << true;
}

void ResponderReplyTest::answers500WhenDropped()
{
    QFETCH(const bool, isLater);
    Edge edge;
    if (!isLater) {
        edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply>) { };
    }
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));

    edge.held.clear();

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 500);
    QVERIFY(client.replies().front().body.contains("\"code\":\"internal_error\""));
    QCOMPARE(edge.server->pendingCount(), 0);
}

void ResponderReplyTest::cutsABegunStreamWhenDropped_data()
{
    QTest::addColumn<bool>("isExplicit");
    QTest::newRow("dropped") << false;
    QTest::newRow("aborted") << true;
}

void ResponderReplyTest::cutsABegunStreamWhenDropped()
{
    QFETCH(const bool, isExplicit);
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->begin(200, {});
    edge.held.front()->write("part");

    if (isExplicit) {
        edge.held.front()->abort();
    }
    edge.held.clear();

    QVERIFY(client.waitForClose());
    QVERIFY(!client.replies().front().isComplete);
    QCOMPARE(client.replies().front().body, QByteArray("part"));
}

void ResponderReplyTest::resetsAnAbortedStreamThatHasNoLength()
{
    Edge edge;
    RawClient client(edge.port);
    client.send("GET /hold HTTP/1.0\r\n\r\n");
    QVERIFY(edge.waitForRequests(1));
    edge.held.front()->begin(200, {});
    edge.held.front()->write("part");
    QVERIFY(test::turnLoopUntil([&] { return client.received().endsWith("part"); }));

    edge.held.front()->abort();

    QVERIFY(client.waitForClose());
    QVERIFY(client.isReset());
}

void ResponderReplyTest::closesWithoutAReplyWhenAbortedFirst()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(holdRequest);
    QVERIFY(edge.waitForRequests(1));

    edge.held.front()->abort();

    QVERIFY(client.waitForClose());
    QCOMPARE(client.received(), QByteArray());
}

void ResponderReplyTest::ignoresWhatComesAfterTheEnd()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->write("before begin");
        reply->end();
        reply->send(200, {}, "first");
        reply->send(200, {}, "second");
        reply->begin(200, {});
        reply->write("third");
        reply->end();
        reply->abort();
    };
    RawClient client(edge.port);

    client.send(holdRequest + nextRequest);

    QVERIFY(client.waitForReplies(2));
    QCOMPARE(client.replies()[0].body, QByteArray("first"));
    QCOMPARE(client.replies()[1].body, QByteArray("first"));
    QVERIFY(!client.isClosed());
}

void ResponderReplyTest::sendsNoBodyWithSomeStatuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isStream");
    QTest::newRow("204") << 204 << false;
    QTest::newRow("304") << 304 << false;
    QTest::newRow("204 streamed") << 204 << true;
}

void ResponderReplyTest::sendsNoBodyWithSomeStatuses()
{
    QFETCH(const int, status);
    QFETCH(const bool, isStream);
    Edge edge;
    edge.handler = [=](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        if (!isStream) {
            reply->send(status, {}, "body");
            return;
        }
        reply->begin(status, {});
        reply->write("body");
        reply->end();
    };
    RawClient client(edge.port);

    client.send(holdRequest + nextRequest);

    QVERIFY(client.waitForReplies(2));
    QCOMPARE(client.replies()[0].status, status);
    QCOMPARE(client.replies()[0].field("content-length"), QByteArray());
    QCOMPARE(client.replies()[0].field("transfer-encoding"), QByteArray());
    QCOMPARE(client.replies()[1].status, status);
}

void ResponderReplyTest::sendsAStatusWithoutPhrase()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(529, {}, "x");
    };
    RawClient client(edge.port);

    client.send(holdRequest);

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().statusLine, QByteArray("HTTP/1.1 529 "));
}

void ResponderReplyTest::turnsAnImpossibleStatusInto500_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {0, 100, 101, 199, 600, -1}) {
        QTest::addRow("%d", status) << status;
    }
}

void ResponderReplyTest::turnsAnImpossibleStatusInto500()
{
    QFETCH(const int, status);
    Edge edge;
    edge.handler = [status](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(status, {}, "x");
    };
    RawClient client(edge.port);

    client.send(holdRequest);

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 500);
}

void ResponderReplyTest::dropsHeadersThatItOwns()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200,
                    {{"Content-Length", "99"},
                     {"Transfer-Encoding", "chunked"},
                     {"Connection", "upgrade"},
                     {"Keep-Alive", "1"},
                     {"Date", "yesterday"},
                     {"X-Request-Id", "theirs"},
                     {"X-Kept", "yes"}},
                    "ok");
    };
    RawClient client(edge.port);

    client.send(holdRequest);

    QVERIFY(client.waitForReplies(1));
    const test::ReceivedReply reply = client.replies().front();
    QCOMPARE(reply.body, QByteArray("ok"));
    QCOMPARE(reply.field("x-kept"), QByteArray("yes"));
    QCOMPARE(reply.fields.size(), 4U); // Ours: content-length, date, x-request-id.
    QVERIFY(!client.received().contains("theirs"));
    QVERIFY(!client.received().contains("yesterday"));
}

void ResponderReplyTest::dropsHeadersThatWouldSmuggle()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200,
                    {{"X-A", "a\r\nSet-Cookie: evil=1"},
                     {"X-B\r\nX-C", "b"},
                     {"X-D", QByteArray("a\0b", 3)},
                     {"X E", "e"},
                     {"X-Kept", "ü\t1"}},
                    "ok");
    };
    RawClient client(edge.port);

    client.send(holdRequest);

    QVERIFY(client.waitForReplies(1));
    const test::ReceivedReply reply = client.replies().front();
    QVERIFY(!client.received().contains("evil"));
    QVERIFY(!client.received().contains("X-C"));
    QCOMPARE(reply.fields.size(), 4U);
    QCOMPARE(reply.field("x-kept"), QByteArray("ü\t1"));
}

void ResponderReplyTest::outlivesItsServer()
{
    test::Ear ear;
    Edge edge;
    RawClient client(edge.port);
    RawClient streaming(edge.port);
    client.send(holdRequest);
    streaming.send(holdRequest);
    QVERIFY(edge.waitForRequests(2));
    edge.held[0]->setListener(&ear);
    edge.held[1]->begin(200, {});

    edge.server.reset();

    QCOMPARE(ear.gone, 1);
    QVERIFY(!edge.held[0]->isClientPresent());
    QVERIFY(!edge.held[0]->isWritable());
    edge.held[0]->send(200, {}, "nobody");
    edge.held[1]->write("nobody");
    edge.held.clear();
    QVERIFY(client.waitForClose());
}

DELTA_LOOP_TEST_MAIN(ResponderReplyTest)

#include "tst_responder_reply.moc"
