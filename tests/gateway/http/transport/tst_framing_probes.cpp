// labels: hostile
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>

using namespace delta;

namespace {

const QByteArray host = "Host: x\r\n";
const QByteArray smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

QByteArray post(const QByteArray &fields, const QByteArray &rest)
{
    return "POST /echo HTTP/1.1\r\n" + host + fields + "\r\n" + rest;
}

QByteArray chunked(const QByteArray &rest)
{
    return post("Transfer-Encoding: chunked\r\n", rest);
}

void refused(const char *name, const QByteArray &request, int status = 400)
{
    QTest::newRow(name) << request << status;
}

} // namespace

/// What attackers send to make two sides of a proxy disagree about where a request ends.
class FramingProbesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWithoutRunningAnything_data();
    void refusesWithoutRunningAnything();
    void passesOnUnchanged_data();
    void passesOnUnchanged();
    void answersThreePipelinedRequestsInOrder();
};

void FramingProbesTest::refusesWithoutRunningAnything_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");

    refused("CL and TE",
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled));
    refused("TE and CL",
            post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                 "5\r\nhello\r\n0\r\n\r\n" + smuggled));
    refused("two lengths", post("Content-Length: 3\r\nContent-Length: 30\r\n", "abc" + smuggled));
    refused("two equal lengths",
            post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc" + smuggled));
    refused("length 0 and another", post("Content-Length: 0\r\nContent-Length: 36\r\n", smuggled));
    refused("length list", post("Content-Length: 3, 3\r\n", "abc" + smuggled));
    refused("length with plus", post("Content-Length: +3\r\n", "abc" + smuggled));
    refused("length negative", post("Content-Length: -1\r\n", smuggled));
    refused("length 2^63", post("Content-Length: 9223372036854775808\r\n", "abc" + smuggled));
    refused("length 2^64-1", post("Content-Length: 18446744073709551615\r\n", smuggled));
    refused("length 2^64+3", post("Content-Length: 18446744073709551619\r\n", "abc" + smuggled));
    refused("length hexadecimal", post("Content-Length: 0x3\r\n", "abc" + smuggled));
    refused("length with letters", post("Content-Length: 5abc\r\n", smuggled));
    refused("length with inner space", post("Content-Length: 1 0\r\n", smuggled));
    refused("length empty", post("Content-Length: \r\n", smuggled));
    refused("length with dot", post("Content-Length: 3.0\r\n", "abc" + smuggled));
    refused("TE xchunked", post("Transfer-Encoding: xchunked\r\n", "3\r\nabc\r\n0\r\n\r\n"));
    refused("TE gzip, chunked",
            post("Transfer-Encoding: gzip, chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"));
    refused("TE chunked, identity",
            post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + smuggled));
    refused("TE identity", post("Transfer-Encoding: identity\r\n", smuggled));
    refused("TE twice",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                 "0\r\n\r\n" + smuggled));
    refused("TE chunked and identity",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", smuggled));
    refused("TE with parameter",
            post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n" + smuggled));
    refused("TE empty", post("Transfer-Encoding: \r\n", smuggled));
    refused("TE with vertical tab",
            post("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n" + smuggled));
    refused("TE in HTTP/1.0",
            "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + smuggled);
    refused("TE with space before colon",
            post("Transfer-Encoding : chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"));
    refused("length with space before colon", post("Content-Length : 36\r\n", smuggled));
    refused("obs-fold", "GET / HTTP/1.1\r\n" + host + "X-A: a\r\n b\r\n\r\n");
    refused("obs-fold of TE", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + smuggled));
    refused("first header indented", "GET / HTTP/1.1\r\n Host: x\r\n\r\n");
    refused("bare LF", "GET / HTTP/1.1\nHost: x\n\n");
    refused("bare LF behind a header", "GET / HTTP/1.1\r\nHost: x\n\r\n");
    refused("bare LF as the empty line", "GET / HTTP/1.1\r\nHost: x\r\n\n" + smuggled);
    refused("bare CR in a header", "GET / HTTP/1.1\r\n" + host + "X: a\rB: c\r\n\r\n");
    refused("bare CR as the line end", "GET / HTTP/1.1\rHost: x\r\r");
    refused("NUL in a header", "GET / HTTP/1.1\r\n" + host + QByteArray("X: a\0b\r\n\r\n", 10));
    refused("NUL in a header name", "GET / HTTP/1.1\r\n" + host + QByteArray("X\0: a\r\n\r\n", 9));
    refused("NUL in the target", QByteArray("GET /a\0b HTTP/1.1\r\n", 19) + host + "\r\n");
    refused("header without colon", "GET / HTTP/1.1\r\n" + host + "nocolon\r\n\r\n");
    refused("header without name", "GET / HTTP/1.1\r\n" + host + ": value\r\n\r\n");
    refused("header name with umlaut", "GET / HTTP/1.1\r\n" + host + "X-\xfc: a\r\n\r\n");
    refused("no Host", "GET / HTTP/1.1\r\n\r\n");
    refused("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    refused("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n");
    refused("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
    refused("empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n");
    refused("Host with fragment", "GET / HTTP/1.1\r\nHost: localhost/admin?#@evil\r\n\r\n");
    refused("Host with user", "GET / HTTP/1.1\r\nHost: a@evil\r\n\r\n");
    refused("Host with two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n");
    refused("Host with port too large", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n");
    refused("Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n");
    refused("absolute form of another host", "GET http://evil/admin HTTP/1.1\r\n" + host + "\r\n");
    refused("absolute form with user", "GET http://a@x/admin HTTP/1.1\r\n" + host + "\r\n");
    refused("absolute form of another scheme", "GET ftp://x/admin HTTP/1.1\r\n" + host + "\r\n");
    refused("asterisk form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n");
    refused("target without slash", "GET admin HTTP/1.1\r\n" + host + "\r\n");
    refused("target with fragment", "GET /a#b HTTP/1.1\r\n" + host + "\r\n");
    refused("target with umlaut", "GET /\xc3\xbc HTTP/1.1\r\n" + host + "\r\n");
    refused("target with tab", "GET /a\tb HTTP/1.1\r\n" + host + "\r\n");
    refused("request line with tabs", "GET\t/\tHTTP/1.1\r\n" + host + "\r\n");
    refused("request line with two spaces", "GET  / HTTP/1.1\r\n" + host + "\r\n");
    refused("target with space", "GET /a b HTTP/1.1\r\n" + host + "\r\n");
    refused("empty line first", "\r\nGET / HTTP/1.1\r\n" + host + "\r\n");
    refused("HTTP/0.9", "GET /\r\n");
    refused("HTTP/9.9", "GET / HTTP/9.9\r\n" + host + "\r\n", 505);
    refused("HTTP/2.0", "GET / HTTP/2.0\r\n" + host + "\r\n", 505);
    refused("HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n", 505);
    refused("protocol in lower case", "GET / http/1.1\r\n" + host + "\r\n");
    refused("RTSP", "GET / RTSP/1.0\r\n" + host + "\r\n", 505);
    refused("HTTP/2 preface", QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33));
    refused("TLS hello",
            QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11).repeated(20));
    refused("method in lower case", "get / HTTP/1.1\r\n" + host + "\r\n");
    refused("method unknown", "BREW / HTTP/1.1\r\n" + host + "\r\n", 501);
    refused("method with a prefix", "GETX / HTTP/1.1\r\n" + host + "\r\n", 501);
    refused("method of WebDAV", "PROPFIND / HTTP/1.1\r\n" + host + "\r\n", 501);
    refused("CONNECT", "CONNECT evil:443 HTTP/1.1\r\nHost: evil:443\r\n\r\n", 501);
    refused("TRACE", "TRACE / HTTP/1.1\r\n" + host + "\r\n", 501);
    refused("WebSocket",
            "GET / HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 501);
    refused("unknown expectation", post("Expect: 200-ok\r\nContent-Length: 3\r\n", "abc"), 417);
    refused("chunk size 2^64-1", chunked("FFFFFFFFFFFFFFFF\r\nabc" + smuggled));
    refused("chunk size 2^64", chunked("10000000000000000\r\nabc" + smuggled));
    refused("chunk size negative", chunked("-1\r\nabc\r\n0\r\n\r\n" + smuggled));
    refused("chunk size letters", chunked("zz\r\nhello\r\n0\r\n\r\n"));
    refused("chunk size with 0x", chunked("0x3\r\nabc\r\n0\r\n\r\n"));
    refused("chunk size with space", chunked("3 \r\nabc\r\n0\r\n\r\n"));
    refused("chunk size with bare LF", chunked("3\nabc\r\n0\r\n\r\n"));
    refused("chunk size empty", chunked("\r\nabc\r\n0\r\n\r\n"));
    refused("chunk longer than its size", chunked("3\r\nabcd\r\n0\r\n\r\n"));
    refused("chunk end missing", chunked("3\r\nabc0\r\n\r\n"));
    refused("chunk end with bare LF", chunked("3\r\nabc\n0\r\n\r\n"));
    refused("chunk extension with bare LF", chunked("3;a\nxx\r\nabc\r\n0\r\n\r\n" + smuggled));
    refused("trailer with bare LF", chunked("0\r\nX: a\n\r\n" + smuggled));
    refused("trailer without colon", chunked("0\r\nnocolon\r\n\r\n"));
    refused("trailer with NUL", chunked(QByteArray("0\r\nX: \0\r\n\r\n", 11)));
}

void FramingProbesTest::refusesWithoutRunningAnything()
{
    QFETCH(const QByteArray, request);
    QFETCH(const int, status);
    test::Edge edge;
    test::RawClient client(edge.port);

    client.send(request);

    QVERIFY(client.waitForReplies(1));
    client.endWriting();
    QVERIFY(client.waitForClose());
    QCOMPARE(client.replies().size(), 1U);
    const test::ReceivedReply reply = client.replies().front();
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.field("connection"), QByteArray("close"));
    QVERIFY(reply.field("x-request-id").startsWith("req_"));
    QVERIFY(reply.body.startsWith("{\"error\":{\"message\":\""));
    QCOMPARE(edge.seen.size(), 0U);
}

void FramingProbesTest::passesOnUnchanged_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("body");

    const auto row = [](const char *name, const QByteArray &request, const QByteArray &path) {
        QTest::newRow(name) << request << path << QByteArray() << QByteArray();
    };
    row("dots", "GET /p/../admin HTTP/1.1\r\n" + host + "\r\n", "/p/../admin");
    row("encoded slash", "GET /p/..%2fadmin HTTP/1.1\r\n" + host + "\r\n", "/p/..%2fadmin");
    row("double slash", "GET //admin HTTP/1.1\r\n" + host + "\r\n", "//admin");
    row("encoded CR LF", "GET /a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\n" + host + "\r\n",
        "/a%0d%0aSet-Cookie:%20x=1");
    row("absolute form", "GET http://X:80/a HTTP/1.1\r\nHost: x:80\r\n\r\n", "/a");
    row("h2c offer",
        "GET /a HTTP/1.1\r\n" + host
            + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
              "HTTP2-Settings: AAMAAABk\r\n\r\n",
        "/a");
    row("HTTP/1.0 without Host", "GET /a HTTP/1.0\r\n\r\n", "/a");
    row("IPv6 Host", "GET /a HTTP/1.1\r\nHost: [::1]:4000\r\n\r\n", "/a");
    QTest::newRow("query") << "GET /a?b=c?d/e HTTP/1.1\r\n" + host + "\r\n"
                           << QByteArray("/a") << QByteArray("b=c?d/e") << QByteArray();
    QTest::newRow("body") << post("Content-Length: 3\r\n", "abc") << QByteArray("/echo")
                          << QByteArray() << QByteArray("abc");
    QTest::newRow("chunks") << chunked(
        "3\r\nabc\r\n5;x=y;z=\"q\"\r\ndefgh\r\n0\r\nX-Trailer: t\r\n\r\n")
                            << QByteArray("/echo") << QByteArray() << QByteArray("abcdefgh");
    QTest::newRow("chunks in capitals")
        << post("TRANSFER-ENCODING: Chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n")
        << QByteArray("/echo") << QByteArray() << QByteArray("0123456789");
    QTest::newRow("h2c offer with body")
        << post("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n", "abc")
        << QByteArray("/echo") << QByteArray() << QByteArray("abc");
}

void FramingProbesTest::passesOnUnchanged()
{
    QFETCH(const QByteArray, request);
    test::Edge edge;
    test::RawClient client(edge.port);

    client.send(request);

    QVERIFY(client.waitForReplies(1));
    QCOMPARE(client.replies().front().status, 200);
    QCOMPARE(edge.seen.size(), 1U);
    QTEST(edge.seen.front().path, "path");
    QTEST(edge.seen.front().query, "query");
    QTEST(edge.seen.front().body, "body");
}

void FramingProbesTest::answersThreePipelinedRequestsInOrder()
{
    test::Edge edge;
    edge.handler = [](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200, {}, request.path.toByteArray());
    };
    test::RawClient client(edge.port);

    client.send("GET /1 HTTP/1.1\r\n" + host + "\r\n" + post("Content-Length: 3\r\n", "abc")
                + "GET /3 HTTP/1.1\r\n" + host + "\r\n");

    QVERIFY(client.waitForReplies(3));
    QCOMPARE(client.replies()[0].body, QByteArray("/1"));
    QCOMPARE(client.replies()[1].body, QByteArray("/echo"));
    QCOMPARE(client.replies()[2].body, QByteArray("/3"));
    QVERIFY(!client.isClosed());
}

DELTA_LOOP_TEST_MAIN(FramingProbesTest)

#include "tst_framing_probes.moc"
