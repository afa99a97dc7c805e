#include "gateway/http/transport/request_parser.h"

#include <QtTest>

#include <vector>

using namespace delta;
using http::EdgeSettings;
using http::RequestParser;
using Progress = http::RequestParser::Progress;

namespace {

const QByteArray lines =
    "POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer  k \r\n";

/// What came of feeding bytes to a parser until it refused or had no more.
struct Outcome {
    std::vector<ports::HttpRequest> requests;
    int refusal = 0; ///< Status; zero if nothing was refused.
};

Outcome feed(RequestParser &parser, QByteArrayView bytes, qsizetype pieceSize)
{
    Outcome outcome;
    while (!bytes.isEmpty()) {
        const RequestParser::Step step = parser.feed(
            bytes.first(std::min(pieceSize, bytes.size())));
        bytes = bytes.sliced(step.consumed);
        if (step.progress == Progress::Refused) {
            outcome.refusal = parser.refusal().status;
            return outcome;
        }
        if (step.progress == Progress::Complete) {
            outcome.requests.push_back(parser.takeRequest());
        }
    }
    return outcome;
}

Outcome feedWhole(const QByteArray &bytes, const EdgeSettings &settings = {})
{
    RequestParser parser(settings);
    return feed(parser, bytes, bytes.size());
}

QByteArray get(const QByteArray &fields)
{
    return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

QByteArray chunkedPost(const QByteArray &rest)
{
    return "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + rest;
}

} // namespace

class RequestParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsAHead();
    void readsTheSameWhateverTheSplit_data();
    void readsTheSameWhateverTheSplit();
    void leavesRoomBehindABody_data();
    void leavesRoomBehindABody();
    void takesEveryByteOnlyWhereItMayStand();
    void keepsCleanRequestIdsOfTheClient_data();
    void keepsCleanRequestIdsOfTheClient();
    void enforcesItsLimits_data();
    void enforcesItsLimits();
    void refusesALongBodyBeforeItArrives();
    void doesNotBelieveALength();
    void saysWhatTheHeadSaid();
};

void RequestParserTest::splitsAHead()
{
    const Outcome outcome = feedWhole(lines + "X-Empty:\r\n\r\n");

    QCOMPARE(outcome.requests.size(), 1U);
    const ports::HttpRequest &request = outcome.requests.front();
    QCOMPARE(request.method, QByteArrayView("POST"));
    QCOMPARE(request.path, QByteArrayView("/v1/chat/completions"));
    QCOMPARE(request.query, QByteArrayView("a=b"));
    QCOMPARE(request.fields.size(), 3U);
    QCOMPARE(request.fields[1].first, QByteArrayView("Authorization"));
    QCOMPARE(request.header("authorization").value(), QByteArrayView("Bearer  k"));
    QCOMPARE(request.header("x-empty").value(), QByteArrayView(""));
}

void RequestParserTest::readsTheSameWhateverTheSplit_data()
{
    QTest::addColumn<qsizetype>("pieceSize");
    for (qsizetype size = 1; size <= 40; ++size) {
        QTest::addRow("%d", int(size)) << size;
    }
}

void RequestParserTest::readsTheSameWhateverTheSplit()
{
    QFETCH(const qsizetype, pieceSize);
    const QByteArray bytes = lines + "Content-Length: 5\r\n\r\nhello"
        + chunkedPost("3;a=\"b;c\"\r\nabc\r\n0a\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n")
        + get({});
    const EdgeSettings settings;
    RequestParser parser(settings);

    const Outcome outcome = feed(parser, bytes, pieceSize);

    QCOMPARE(outcome.refusal, 0);
    QCOMPARE(outcome.requests.size(), 3U);
    QCOMPARE(outcome.requests[0].path, QByteArrayView("/v1/chat/completions"));
    QCOMPARE(outcome.requests[0].header("host").value(), QByteArrayView("x"));
    QCOMPARE(outcome.requests[0].body, QByteArray("hello"));
    QCOMPARE(outcome.requests[1].body, QByteArray("abc0123456789"));
    QVERIFY(!outcome.requests[1].header("trailer"));
    QCOMPARE(outcome.requests[2].method, QByteArrayView("GET"));
    QCOMPARE(parser.stage(), RequestParser::Stage::Idle);
}

void RequestParserTest::leavesRoomBehindABody_data()
{
    QTest::addColumn<qsizetype>("size");
    for (const qsizetype size : {0, 1, 63, 64, 65, 1000, 262'080, 262'144, 262'145, 1'000'000}) {
        QTest::addRow("%d", int(size)) << size;
    }
}

void RequestParserTest::leavesRoomBehindABody()
{
    QFETCH(const qsizetype, size);

    const Outcome outcome = feedWhole(lines + "Content-Length: " + QByteArray::number(size)
                                      + "\r\n\r\n" + QByteArray(size, 'b'));

    QCOMPARE(outcome.requests.size(), 1U);
    QCOMPARE(outcome.requests.front().body.size(), size);
    QVERIFY(outcome.requests.front().body.capacity() >= size + ports::bodyPadding);
}

void RequestParserTest::takesEveryByteOnlyWhereItMayStand()
{
    const QByteArray tokens =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (int code = 0; code < 256; ++code) {
        const char byte = static_cast<char>(code);
        const bool isControl = code < 0x20 || code == 0x7f;
        const bool isInName = feedWhole(get(QByteArray("X") + byte + "Y: v\r\n")).refusal == 0;
        const bool isInValue = feedWhole(get(QByteArray("X: a") + byte + "b\r\n")).refusal == 0;
        const bool isInTarget =
            feedWhole(QByteArray("GET /a") + byte + "b HTTP/1.1\r\nHost: x\r\n\r\n").refusal == 0;

        QVERIFY2(isInName == (tokens.contains(byte) || byte == ':'),
                 qPrintable(QString::number(code)));
        QVERIFY2(isInValue == (!isControl || byte == '\t'), qPrintable(QString::number(code)));
        QVERIFY2(isInTarget == (code > 0x20 && code < 0x7f && byte != '#'),
                 qPrintable(QString::number(code)));
    }
}

void RequestParserTest::keepsCleanRequestIdsOfTheClient_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("kept");

    QTest::newRow("plain") << QByteArray("abc-123_X.Y:Z") << QByteArray("abc-123_X.Y:Z");
    QTest::newRow("longest") << QByteArray(128, 'a') << QByteArray(128, 'a');
    QTest::newRow("too long") << QByteArray(129, 'a') << QByteArray();
    QTest::newRow("space") << QByteArray("a b") << QByteArray();
    QTest::newRow("quote") << QByteArray("a\"b") << QByteArray();
    QTest::newRow("umlaut") << QByteArray("\xc3\xbc") << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void RequestParserTest::keepsCleanRequestIdsOfTheClient()
{
    QFETCH(const QByteArray, sent);

    const Outcome outcome = feedWhole(get("X-Request-ID: " + sent + "\r\n"));

    QTEST(outcome.requests.front().clientId, "kept");
}

void RequestParserTest::enforcesItsLimits_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");

    const auto target = [](qsizetype size) {
        return "GET /" + QByteArray(size - 1, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n";
    };
    const auto head = [](qsizetype size) {
        const QByteArray rest = get("X: \r\n");
        return get("X: " + QByteArray(size - rest.size(), 'a') + "\r\n");
    };
    const auto fields = [](int count) { return get(QByteArray("a: b\r\n").repeated(count - 1)); };
    const auto extensions = [](qsizetype size) {
        return chunkedPost("1;" + QByteArray(size, 'e') + "\r\na\r\n0\r\n\r\n");
    };
    const auto trailers = [](int count) {
        return chunkedPost("1\r\na\r\n0\r\n"
                           + QByteArray("a: 0123456789012345678901234\r\n").repeated(count)
                           + "\r\n");
    };
    const auto zeros = [](int count) {
        return chunkedPost(QByteArray(count, '0') + "1\r\na\r\n0\r\n\r\n");
    };
    QTest::newRow("target within") << target(1000) << 0;
    QTest::newRow("target too long") << target(1001) << 414;
    QTest::newRow("target endless") << "GET /" + QByteArray(5000, 'a') << 414;
    QTest::newRow("head within") << head(4000) << 0;
    QTest::newRow("head too large") << head(4001) << 431;
    QTest::newRow("head endless") << get({}).chopped(2) + "X: " + QByteArray(5000, 'a') << 431;
    QTest::newRow("header name endless") << get({}).chopped(2) + QByteArray(5000, 'a') << 431;
    QTest::newRow("fields within") << fields(20) << 0;
    QTest::newRow("too many fields") << fields(21) << 431;
    QTest::newRow("extensions within") << extensions(2000) << 0;
    QTest::newRow("extensions too large") << extensions(5000) << 400;
    QTest::newRow("trailers within") << trailers(100) << 0;
    QTest::newRow("trailers too large") << trailers(200) << 431;
    QTest::newRow("leading zeros within") << zeros(1000) << 0;
    QTest::newRow("leading zeros endless") << chunkedPost(QByteArray(5000, '0')) << 431;
    QTest::newRow("length within")
        << get({}).chopped(2) + "Content-Length: 5000\r\n\r\n" + QByteArray(5000, 'a') << 0;
    QTest::newRow("length too large") << get({}).chopped(2) + "Content-Length: 5001\r\n\r\n" << 413;
    QTest::newRow("chunk within") << chunkedPost("1388\r\n" + QByteArray(5000, 'a')
                                                 + "\r\n0\r\n\r\n")
                                  << 0;
    QTest::newRow("chunk too large") << chunkedPost("1389\r\n") << 413;
    QTest::newRow("chunks too large")
        << chunkedPost(QByteArray("1\r\na\r\n").repeated(5001)) << 413;
}

void RequestParserTest::enforcesItsLimits()
{
    QFETCH(const QByteArray, bytes);
    EdgeSettings settings;
    settings.maxUrlBytes = 1000;
    settings.maxHeadBytes = 4000;
    settings.maxHeaderFields = 20;
    settings.maxBodyBytes = 5000;
    for (const qsizetype pieceSize : {qsizetype(1), qsizetype(7), qsizetype(100'000)}) {
        RequestParser parser(settings);

        const Outcome outcome = feed(parser, bytes, pieceSize);

        QTEST(outcome.refusal, "status");
    }
}

void RequestParserTest::refusesALongBodyBeforeItArrives()
{
    const EdgeSettings settings;
    RequestParser parser(settings);
    const QByteArray head = lines + "Content-Length: 1073741824\r\n\r\n";

    const RequestParser::Step step = parser.feed(head);

    QCOMPARE(step.progress, Progress::Refused);
    QCOMPARE(parser.refusal().status, 413);
}

void RequestParserTest::doesNotBelieveALength()
{
    const EdgeSettings settings;
    RequestParser parser(settings);

    QCOMPARE(parser.feed(lines + "Content-Length: 33554432\r\n\r\n").progress, Progress::NeedsMore);

    QVERIFY(parser.request().body.capacity() < 1024 * 1024);
}

void RequestParserTest::saysWhatTheHeadSaid()
{
    const EdgeSettings settings;
    RequestParser parser(settings);

    (void)parser.feed(lines
                      + "Content-Length: 3\r\nExpect: 100-Continue\r\nConnection: close\r\n\r\n");

    QCOMPARE(parser.stage(), RequestParser::Stage::Body);
    QCOMPARE(parser.facts().contentLength, 3);
    QVERIFY(parser.facts().expectsContinue);
    QVERIFY(!parser.facts().isHead);
    QVERIFY(!parser.keepsAlive());
}

QTEST_GUILESS_MAIN(RequestParserTest)

#include "tst_request_parser.moc"
