#include "gateway/net/response_reader.h"

#include <QtTest>

#include <algorithm>
#include <vector>

using delta::net::ResponseReader;
using delta::ports::UpstreamHead;
using Outcome = ResponseReader::Outcome;

namespace {

/// Collects what a reader tells; stops it after so many calls if asked to.
class Collector final : public ResponseReader::Listener
{
public:
    Verdict onHead(const UpstreamHead &received) override
    {
        head = received;
        ++headCount;
        return verdict();
    }
    Verdict onBody(QByteArrayView piece) override
    {
        body += piece;
        return verdict();
    }

    UpstreamHead head;
    QByteArray body;
    int headCount = 0;
    int callsLeft = -1; ///< Negative: any number.

private:
    Verdict verdict()
    {
        return --callsLeft == 0 ? Verdict::Stop : Verdict::GoOn;
    }
};

constexpr qsizetype headLimit = 1'000;

/// Reads a response that comes in the given pieces.
struct Reading {
    explicit Reading(const std::vector<QByteArray> &pieces)
        : reader(collector, headLimit)
    {
        reader.begin(ResponseReader::Expected::Body);
        for (const QByteArray &piece : pieces) {
            if (outcome == Outcome::Incomplete && !piece.isEmpty()) {
                outcome = reader.read(piece);
            }
        }
    }
    Q_DISABLE_COPY_MOVE(Reading)

    Collector collector;
    ResponseReader reader;
    Outcome outcome = Outcome::Incomplete;
};

} // namespace

class ResponseReaderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheSameHoweverItIsCut_data();
    void readsTheSameHoweverItIsCut();
    void saysWhetherTheConnectionCanBeReused_data();
    void saysWhetherTheConnectionCanBeReused();
    void readsUntilTheEndWhereNothingTellsTheLength();
    void knowsWhetherAByteHasArrived();
    void readsOneResponseAfterAnother();
    void stopsWhenTheListenerHasLeft_data();
    void stopsWhenTheListenerHasLeft();
    void boundsTheHeadToTheByte();
    void boundsFramingWithoutBody_data();
    void boundsFramingWithoutBody();
    void doesNotCountTheBodyAsFraming();
};

void ResponseReaderTest::readsTheSameHoweverItIsCut_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("length") << QByteArray(
        "HTTP/1.1 200 OK\r\nX-A: b c \r\nContent-Length: 5\r\n\r\nhello")
                            << QByteArray("hello");
    QTest::newRow("chunks") << QByteArray(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx-a: b c\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2;x\r\nhe\r\n3\r\nllo\r\n0\r\nz: 1\r\n\r\n")
                            << QByteArray("hello");
}

void ResponseReaderTest::readsTheSameHoweverItIsCut()
{
    QFETCH(const QByteArray, response);
    QFETCH(const QByteArray, body);
    for (qsizetype first = 0; first <= response.size(); ++first) {
        for (qsizetype second = first; second <= response.size(); second += 7) {
            const Reading reading({response.first(first), response.sliced(first, second - first),
                                   response.sliced(second)});
            QCOMPARE(reading.outcome, Outcome::Complete);
            QCOMPARE(reading.collector.headCount, 1);
            QCOMPARE(reading.collector.head.header("x-a"), "b c");
            QCOMPARE(reading.collector.body, body);
            QVERIFY(reading.reader.isReusable());
        }
    }
}

void ResponseReaderTest::saysWhetherTheConnectionCanBeReused_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<bool>("isReusable");
    const auto add = [](const char *name, const QByteArray &response, bool isReusable) {
        QTest::newRow(name) << response << isReusable;
    };
    add("plain", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true);
    add("close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", false);
    add("close among others",
        "HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n", false);
    add("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false);
    add("HTTP/1.0 keep-alive",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", true);
    add("bytes beyond", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", false);
    add("line end beyond", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na\r\n", false);
    add("204", "HTTP/1.1 204 No\r\n\r\n", true);
}

void ResponseReaderTest::saysWhetherTheConnectionCanBeReused()
{
    QFETCH(const QByteArray, response);
    QFETCH(const bool, isReusable);
    const Reading reading({response});
    QCOMPARE(reading.outcome, Outcome::Complete);
    QCOMPARE(reading.reader.isReusable(), isReusable);
}

void ResponseReaderTest::readsUntilTheEndWhereNothingTellsTheLength()
{
    Reading reading({"HTTP/1.1 200 OK\r\n\r\nab", "cd"});
    QCOMPARE(reading.outcome, Outcome::Incomplete);
    QCOMPARE(reading.reader.finish(), Outcome::Complete);
    QVERIFY(!reading.reader.isReusable());
    QCOMPARE(reading.collector.body, "abcd");
}

void ResponseReaderTest::knowsWhetherAByteHasArrived()
{
    Reading nothing({});
    QVERIFY(nothing.reader.isUntouched());
    QCOMPARE(nothing.reader.finish(), Outcome::Incomplete);
    const Reading something({"H"});
    QVERIFY(!something.reader.isUntouched());
}

void ResponseReaderTest::readsOneResponseAfterAnother()
{
    Reading reading({"HTTP/1.1 200 OK\r\nx-a: 1\r\nContent-Length: 1\r\n\r\na"});
    reading.reader.begin(ResponseReader::Expected::HeadOnly);
    QVERIFY(reading.reader.isUntouched());
    QCOMPARE(reading.reader.read("HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\n"),
             Outcome::Complete);
    QCOMPARE(reading.collector.head.status, 404);
    QCOMPARE(reading.collector.head.fields.size(), 1U);
    reading.reader.begin(ResponseReader::Expected::Body);
    QCOMPARE(reading.reader.read("nonsense"), Outcome::Invalid);
    QVERIFY(!reading.reader.problem().isEmpty());
    reading.reader.begin(ResponseReader::Expected::Body);
    QCOMPARE(reading.reader.read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"),
             Outcome::Complete);
    QCOMPARE(reading.collector.body, "ab");
}

void ResponseReaderTest::stopsWhenTheListenerHasLeft_data()
{
    QTest::addColumn<int>("calls");
    QTest::newRow("at the head") << 1;
    QTest::newRow("at the body") << 2;
}

void ResponseReaderTest::stopsWhenTheListenerHasLeft()
{
    QFETCH(const int, calls);
    Collector collector;
    collector.callsLeft = calls;
    ResponseReader reader(collector, headLimit);
    reader.begin(ResponseReader::Expected::Body);
    QCOMPARE(
        reader.read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"),
        Outcome::Stopped);
    QCOMPARE(collector.callsLeft, 0);
}

void ResponseReaderTest::boundsTheHeadToTheByte()
{
    const QByteArray begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nx: ";
    const QByteArray fits = begin + QByteArray(headLimit - begin.size() - 4, 'x');
    for (const qsizetype cut : {qsizetype(0), qsizetype(10), fits.size() / 2}) {
        const Reading good({fits.first(cut), fits.sliced(cut) + "\r\n\r\n"});
        QCOMPARE(good.outcome, Outcome::Complete);
        const Reading bad({fits.first(cut), fits.sliced(cut) + "12345\r\n\r\n"});
        QCOMPARE(bad.outcome, Outcome::Invalid);
    }
}

void ResponseReaderTest::boundsFramingWithoutBody_data()
{
    QTest::addColumn<QByteArray>("begin");
    const QByteArray chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    QTest::newRow("status line") << QByteArray("HTTP/1.1 200 ");
    QTest::newRow("field name") << QByteArray("HTTP/1.1 200 OK\r\n");
    QTest::newRow("chunk extension") << chunked + "1;";
    QTest::newRow("trailer") << chunked + "1\r\na\r\n0\r\nx: ";
    QTest::newRow("chunk extension after a body") << chunked + "1\r\na\r\n1;";
}

void ResponseReaderTest::boundsFramingWithoutBody()
{
    QFETCH(const QByteArray, begin);
    Reading reading({begin});
    QCOMPARE(reading.outcome, Outcome::Incomplete);
    qsizetype fed = 0;
    while (reading.outcome == Outcome::Incomplete && fed < 10 * headLimit) {
        reading.outcome = reading.reader.read("xxxxxxxxxx");
        fed += 10;
    }
    QCOMPARE(reading.outcome, Outcome::Invalid);
    QVERIFY(fed <= headLimit + 10);
}

void ResponseReaderTest::doesNotCountTheBodyAsFraming()
{
    Reading reading({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"});
    for (int number = 0; number < 5'000; ++number) {
        QCOMPARE(reading.reader.read("1;some=extension\r\na\r\n"), Outcome::Incomplete);
    }
    QCOMPARE(reading.reader.read("0\r\n\r\n"), Outcome::Complete);
    QCOMPARE(reading.collector.body.size(), 5'000);
}

QTEST_GUILESS_MAIN(ResponseReaderTest)
#include "tst_response_reader.moc"
