#include "gateway/http/transport/output_queue.h"
#include "gateway/http/transport/reply_filter.h"

#include <QtTest>

#include <array>

using namespace delta::http;

namespace {

QByteArray filtered(const QByteArray &reply, const ReplyTerms &terms, qsizetype pieceSize)
{
    ReplyFilter filter;
    OutputQueue queue;
    filter.reset();
    for (qsizetype at = 0; at < reply.size(); at += pieceSize) {
        const QByteArray piece = reply.mid(at, pieceSize);
        if (filter.isInHead()) {
            filter.writeHead(piece, terms, queue);
        } else {
            filter.writeBody(piece, queue);
        }
    }
    QByteArray output;
    std::array<iovec, 64> entries;
    for (const iovec &entry : queue.gather(entries)) {
        output.append(static_cast<const char *>(entry.iov_base),
                      static_cast<qsizetype>(entry.iov_len));
    }
    return output;
}

} // namespace

Q_DECLARE_METATYPE(ReplyTerms)

class ReplyFilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completesReplies_data();
    void completesReplies();
    void waitsForTheWholeHead();
};

void ReplyFilterTest::completesReplies_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<ReplyTerms>("terms");
    QTest::addColumn<QByteArray>("output");
    const QByteArray length = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n";
    const QByteArray chunked =
        "HTTP/1.1 200 OK\r\ncontent-type: a\r\ntransfer-encoding: chunked\r\n";
    const QByteArray chunks = "4\r\nbody\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";
    const ReplyTerms plain{.extraFields = "x: y\r\n", .isHead = false, .isHttp10 = false};
    const ReplyTerms head{.extraFields = "x: y\r\n", .isHead = true, .isHttp10 = false};
    const ReplyTerms http10{.extraFields = "x: y\r\n", .isHead = false, .isHttp10 = true};

    QTest::newRow("length") << length + "\r\nbody" << plain << length + "x: y\r\n\r\nbody";
    QTest::newRow("chunks") << chunked + "\r\n" + chunks << plain
                            << chunked + "x: y\r\n\r\n" + chunks;
    QTest::newRow("HEAD") << length + "\r\nbody" << head << length + "x: y\r\n\r\n";
    QTest::newRow("HEAD, chunks") << chunked + "\r\n" + chunks << head << chunked + "x: y\r\n\r\n";
    QTest::newRow("HTTP/1.0") << length + "\r\nbody" << http10 << length + "x: y\r\n\r\nbody";
    QTest::newRow("HTTP/1.0, chunks")
        << chunked + "\r\n" + chunks << http10
        << QByteArray(
               "HTTP/1.1 200 OK\r\ncontent-type: a\r\nx: y\r\n\r\nbodyabcdefghijklmnopqrstuvwxyz");
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n")
                         << plain << QByteArray("HTTP/1.1 204 No Content\r\nx: y\r\n\r\n");
    QTest::newRow("304, chunks") << QByteArray(
        "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
                                 << plain
                                 << QByteArray("HTTP/1.1 304 Not Modified\r\nx: y\r\n\r\n");
    QTest::newRow("no phrase") << QByteArray("HTTP/1.1 529\r\n\r\nbody") << plain
                               << QByteArray("HTTP/1.1 529 \r\nx: y\r\n\r\nbody");
}

void ReplyFilterTest::completesReplies()
{
    QFETCH(const QByteArray, reply);
    QFETCH(const ReplyTerms, terms);
    QFETCH(const QByteArray, output);
    for (qsizetype pieceSize = 1; pieceSize <= reply.size(); ++pieceSize) {
        QCOMPARE(filtered(reply, terms, pieceSize), output);
    }
}

void ReplyFilterTest::waitsForTheWholeHead()
{
    ReplyFilter filter;
    OutputQueue queue;

    filter.writeHead("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n", {}, queue);

    QVERIFY(filter.isInHead());
    QVERIFY(queue.isEmpty());
}

QTEST_GUILESS_MAIN(ReplyFilterTest)

#include "tst_reply_filter.moc"
