#include "gateway/http/transport/output_queue.h"

#include <QtTest>

#include <array>

using delta::http::OutputQueue;

namespace {

/// Takes up to `count` bytes off the queue, as a send would.
QByteArray take(OutputQueue &queue, qsizetype count)
{
    std::array<iovec, 4> entries;
    QByteArray bytes;
    for (const iovec &entry : queue.gather(entries)) {
        bytes.append(static_cast<const char *>(entry.iov_base),
                     static_cast<qsizetype>(entry.iov_len));
    }
    bytes.truncate(count);
    queue.consume(bytes.size());
    return bytes;
}

} // namespace

class OutputQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsBytesInOrder_data();
    void keepsBytesInOrder();
    void mergesSmallPieces();
    void isEmptyAfterClear();
};

void OutputQueueTest::keepsBytesInOrder_data()
{
    QTest::addColumn<qsizetype>("pieceSize");
    QTest::addColumn<qsizetype>("takeSize");
    for (const qsizetype pieceSize : {1, 7, 4095, 4096, 4097, 20'000}) {
        for (const qsizetype takeSize : {1, 13, 4096, 50'000}) {
            QTest::addRow("%d in, %d out", int(pieceSize), int(takeSize)) << pieceSize << takeSize;
        }
    }
}

void OutputQueueTest::keepsBytesInOrder()
{
    QFETCH(const qsizetype, pieceSize);
    QFETCH(const qsizetype, takeSize);
    QByteArray expected;
    for (int index = 0; index < 60'000; ++index) {
        expected.append(static_cast<char>(index * 7 % 251));
    }
    OutputQueue queue;
    QByteArray taken;

    for (qsizetype at = 0; at < expected.size(); at += pieceSize) {
        queue.append(
            QByteArrayView(expected).sliced(at, std::min(pieceSize, expected.size() - at)));
        taken += take(queue, takeSize / 2);
    }
    QCOMPARE(queue.size(), expected.size() - taken.size());
    while (!queue.isEmpty()) {
        taken += take(queue, takeSize);
    }

    QVERIFY(taken == expected);
}

void OutputQueueTest::mergesSmallPieces()
{
    OutputQueue queue;
    for (int index = 0; index < 100; ++index) {
        queue.append("data: 1\n\n");
    }
    std::array<iovec, 4> entries;

    QCOMPARE(queue.gather(entries).size(), 1U);
}

void OutputQueueTest::isEmptyAfterClear()
{
    OutputQueue queue;
    queue.append("abc");

    queue.clear();

    std::array<iovec, 4> entries;
    QVERIFY(queue.isEmpty());
    QCOMPARE(queue.gather(entries).size(), 0U);
}

QTEST_GUILESS_MAIN(OutputQueueTest)

#include "tst_output_queue.moc"
