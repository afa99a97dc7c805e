#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <malloc.h>
#include <QRegularExpression>
#include <QtTest>

#include <set>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

QByteArray get(const QByteArray &path, const QByteArray &fields = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

int warningCount = 0;

void countWarnings(QtMsgType type, const QMessageLogContext &, const QString &)
{
    warningCount += type == QtWarningMsg ? 1 : 0;
}

} // namespace

/// What a server must do that QtHttpServer 6.8 does not do by itself, and what it does and must
/// keep.
class HttpServerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAtOnce();
    void answersInALaterTurn();
    void givesEveryReplyAnIdAndADate();
    void passesOnTheClientsIdAndAddress();
    void streamsInChunks();
    void endsAStreamWithoutAWarning();
    void beginsTheNextRequestAfterTheReply();
    void answersHeadWithoutABody_data();
    void answersHeadWithoutABody();
    void closesWhenAsked_data();
    void closesWhenAsked();
    void sendsAStreamToHttp10WithoutChunks();
    void asksForTheBodyThatWaits();
    void doesNotAskForABodyThatIsThere();
    void answersAMalformedRequestLine();
    void closesAfterTheAllowedRequests();
    void leaksNothingOverTenThousandRequests_data();
    void leaksNothingOverTenThousandRequests();
    void answersPreflightsWhereAllowed();
    void sendsNoCorsHeadersByDefault();
};

void HttpServerTest::answersAtOnce()
{
    Edge edge;
    QVERIFY(edge.isListening);
    RawClient client(edge.port);

    client.send(get("/a"));

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().statusLine, QByteArray("HTTP/1.1 200 OK"));
    QCOMPARE(client.replies().front().field("content-type"), QByteArray("text/plain"));
    QCOMPARE(client.replies().front().field("content-length"), QByteArray("2"));
    QCOMPARE(client.replies().front().body, QByteArray("ok"));
    QVERIFY(!client.isClosed());
}

void HttpServerTest::answersInALaterTurn()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/hold"));
    QVERIFY(edge.waitForRequests(1));
    QCOMPARE(edge.server->pendingCount(), 1);

    edge.held.front()->send(201, {}, "later");

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 201);
    QCOMPARE(client.replies().front().body, QByteArray("later"));
    QCOMPARE(edge.server->pendingCount(), 0);
}

void HttpServerTest::givesEveryReplyAnIdAndADate()
{
    Edge edge;
    RawClient client(edge.port);

    client.send(get("/a").repeated(100));

    QVERIFY(client.waitForReplies(100));
    std::set<QByteArray> ids;
    const QRegularExpression date(
        QStringLiteral("^[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$"));
    for (const test::ReceivedReply &reply : client.replies()) {
        ids.insert(reply.field("x-request-id"));
        QVERIFY(date.match(QString::fromLatin1(reply.field("date"))).hasMatch());
    }
    QCOMPARE(ids.size(), 100U);
    QVERIFY(ids.contains(edge.seen.back().id));
    const QRegularExpression id(QStringLiteral("^req_[0-9A-Za-z]{24}$"));
    QVERIFY(id.match(QString::fromLatin1(edge.seen.front().id)).hasMatch());
}

void HttpServerTest::passesOnTheClientsIdAndAddress()
{
    Edge edge;
    RawClient client(edge.port, {.receiveBufferBytes = 0, .from = "127.0.0.7"});

    client.send(get("/a", "x-request-id: mine-1\r\n"));

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(edge.seen.front().clientId, QByteArray("mine-1"));
    QCOMPARE(edge.seen.front().peer, QByteArray("127.0.0.7"));
    QVERIFY(client.replies().front().field("x-request-id").startsWith("req_"));
}

void HttpServerTest::streamsInChunks()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/hold"));
    QVERIFY(edge.waitForRequests(1));
    ports::HttpReply &reply = *edge.held.front();

    reply.begin(200, {{"content-type", "text/event-stream"}});
    reply.write("data: 1\n\n");
    QVERIFY(
        test::turnLoopUntil([&] { return client.received().endsWith("9\r\ndata: 1\n\n\r\n"); }));
    reply.write("data: ");
    reply.write("2\n\n");
    reply.write("");
    reply.end();

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().field("transfer-encoding"), QByteArray("chunked"));
    QCOMPARE(client.replies().front().field("content-length"), QByteArray());
    QCOMPARE(client.replies().front().body, QByteArray("data: 1\n\ndata: 2\n\n"));
    client.send(get("/next"));
    QVERIFY(client.waitForReplies(2));
}

void HttpServerTest::endsAStreamWithoutAWarning()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->begin(200, {});
        reply->write("a");
        reply->end();
    };
    RawClient client(edge.port);
    warningCount = 0;
    const QtMessageHandler previous = qInstallMessageHandler(&countWarnings);

    client.send(get("/a"));
    const bool hasReply = client.waitForReplies(1);

    qInstallMessageHandler(previous);
    QVERIFY(hasReply);
    QCOMPARE(warningCount, 0);
}

void HttpServerTest::beginsTheNextRequestAfterTheReply()
{
    Edge edge;
    RawClient client(edge.port);
    client.send(get("/hold/1") + get("/hold/2") + get("/3"));
    QVERIFY(edge.waitForRequests(1));
    RawClient other(edge.port);
    other.send(get("/other"));
    QVERIFY(other.waitForReplies(1));
    QCOMPARE(edge.held.size(), 1U);

    edge.held[0]->send(200, {}, "first");
    QVERIFY(edge.waitForRequests(3));
    edge.held[1]->send(200, {}, "second");

    QVERIFY(client.waitForReplies(3));
    QCOMPARE(client.replies()[0].body, QByteArray("first"));
    QCOMPARE(client.replies()[1].body, QByteArray("second"));
    QCOMPARE(client.replies()[2].body, QByteArray("ok"));
}

void HttpServerTest::answersHeadWithoutABody_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::newRow("whole") << false;
    QTest::newRow("stream") << true;
}

void HttpServerTest::answersHeadWithoutABody()
{
    QFETCH(const bool, isStream);
    Edge edge;
    edge.handler = [isStream](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        if (!isStream) {
            reply->send(200, {}, "body");
            return;
        }
        reply->begin(200, {});
        reply->write("body");
        reply->end();
    };
    RawClient client(edge.port);

    client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /b HTTP/1.1\r\nHost: x\r\n\r\n");

    QVERIFY(client.waitForReplies(2, test::ReplyTo::Head));
    QCOMPARE(client.replies(test::ReplyTo::Head).size(), 2U);
    QCOMPARE(client.replies(test::ReplyTo::Head).front().field("content-length"),
             QByteArray(isStream ? "" : "4"));
    QVERIFY(client.received().endsWith("\r\n\r\n"));
}

void HttpServerTest::closesWhenAsked_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("Connection: close") << get("/a", "Connection: close\r\n");
    QTest::newRow("in a list") << get("/a", "Connection: x, Close\r\n");
    QTest::newRow("HTTP/1.0") << QByteArray("GET /a HTTP/1.0\r\n\r\n");
    QTest::newRow("HTTP/1.0 keep-alive")
        << QByteArray("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
}

void HttpServerTest::closesWhenAsked()
{
    QFETCH(const QByteArray, request);
    Edge edge;
    RawClient client(edge.port);

    client.send(request + get("/smuggled"));

    QVERIFY(client.waitForClose());
    QVERIFY(!client.isReset());
    QCOMPARE(client.replies().size(), 1U);
    QCOMPARE(client.replies().front().field("connection"), QByteArray("close"));
    QCOMPARE(edge.seen.size(), 1U);
}

void HttpServerTest::sendsAStreamToHttp10WithoutChunks()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        reply->begin(200, {});
        reply->write("one ");
        reply->write(QByteArray(100'000, 'x'));
        reply->write(" two");
        reply->end();
    };
    RawClient client(edge.port);

    client.send("GET /a HTTP/1.0\r\n\r\n");

    QVERIFY(client.waitForClose());
    const test::ReceivedReply reply = client.replies().front();
    QCOMPARE(reply.field("transfer-encoding"), QByteArray());
    QCOMPARE(reply.field("connection"), QByteArray("close"));
    QCOMPARE(reply.body, "one " + QByteArray(100'000, 'x') + " two");
}

void HttpServerTest::asksForTheBodyThatWaits()
{
    Edge edge;
    RawClient client(edge.port);
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.received(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    QCOMPARE(edge.seen.size(), 0U);

    client.send("abc");

    QVERIFY(client.waitForReplies(2));
    QCOMPARE(client.replies().back().status, 200);
    QCOMPARE(edge.seen.front().body, QByteArray("abc"));
}

void HttpServerTest::doesNotAskForABodyThatIsThere()
{
    Edge edge;
    RawClient client(edge.port);

    client.send(
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 200);
}

void HttpServerTest::answersAMalformedRequestLine()
{
    Edge edge;
    RawClient client(edge.port);

    client.send("nonsense\r\n\r\n");

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().front().status, 400);
}

void HttpServerTest::closesAfterTheAllowedRequests()
{
    http::EdgeSettings settings;
    settings.maxRequestsPerConnection = 3;
    Edge edge(settings);
    RawClient client(edge.port);

    client.send(get("/a").repeated(5));

    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().size(), 3U);
    QCOMPARE(client.replies()[1].field("connection"), QByteArray());
    QCOMPARE(client.replies()[2].field("connection"), QByteArray("close"));
}

void HttpServerTest::leaksNothingOverTenThousandRequests_data()
{
    QTest::addColumn<bool>("isLater");
    QTest::newRow("answered at once") << false;
    QTest::newRow("answered later") << true;
}

void HttpServerTest::leaksNothingOverTenThousandRequests()
{
    QFETCH(const bool, isLater);
    Edge edge;
    auto &loop = net::EpollDispatcher::ofThisThread().loop();
    edge.handler = [&](ports::HttpRequest, std::unique_ptr<ports::HttpReply> reply) {
        edge.seen.clear();
        if (!isLater) {
            reply->send(200, {}, "ok");
            return;
        }
        loop.post([shared = std::shared_ptr(std::move(reply))] { shared->send(200, {}, "ok"); });
    };
    // What Qt leaks it leaks until the connection ends, so the connection stays open.
    RawClient client(edge.port);
    const auto serve = [&client](int count) {
        bool isServed = true;
        for (int index = 0; index < count; index += 100) {
            client.clearReceived();
            client.send(get("/a").repeated(100));
            isServed = isServed && client.waitForReplies(100);
        }
        return isServed;
    };
    QVERIFY(serve(1'000));
    const auto objectsBefore = edge.server->findChildren<QObject *>().size();
    const std::size_t bytesBefore = ::mallinfo2().uordblks;

    QVERIFY(serve(10'000));

    QCOMPARE(edge.server->findChildren<QObject *>().size(), objectsBefore);
    const auto grown = static_cast<qint64>(::mallinfo2().uordblks - bytesBefore);
    QVERIFY2(grown < 100'000, qPrintable(QString::number(grown)));
}

void HttpServerTest::answersPreflightsWhereAllowed()
{
    http::EdgeSettings settings;
    settings.corsAllowOrigin = "https://app.example";
    Edge edge(settings);
    RawClient client(edge.port);

    client.send(
        "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example\r\n"
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
        "authorization\r\n\r\n"
        + get("/a", "Origin: https://app.example\r\n"));

    QVERIFY(client.waitForReplies(2));
    const test::ReceivedReply preflight = client.replies()[0];
    QCOMPARE(preflight.status, 204);
    QCOMPARE(preflight.field("access-control-allow-origin"), QByteArray("https://app.example"));
    QCOMPARE(preflight.field("access-control-allow-headers"), QByteArray("authorization"));
    QVERIFY(preflight.field("access-control-allow-methods").contains("POST"));
    QCOMPARE(client.replies()[1].field("access-control-allow-origin"),
             QByteArray("https://app.example"));
    QCOMPARE(client.replies()[1].field("vary"), QByteArray("Origin"));
    QCOMPARE(edge.seen.size(), 1U);
}

void HttpServerTest::sendsNoCorsHeadersByDefault()
{
    Edge edge;
    RawClient client(edge.port);

    client.send("OPTIONS /a HTTP/1.1\r\nHost: x\r\nOrigin: "
                "https://a\r\nAccess-Control-Request-Method: POST\r\n\r\n");

    QVERIFY(client.waitForReplies(1));
    QVERIFY(!client.received().toLower().contains("access-control"));
    QCOMPARE(edge.seen.size(), 1U);
}

DELTA_LOOP_TEST_MAIN(HttpServerTest)

#include "tst_http_server.moc"
