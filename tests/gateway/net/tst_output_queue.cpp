#include "gateway/net/output_queue.h"

#include <QtTest>

#include <array>
#include <vector>

using delta::net::OutputQueue;

class OutputQueueTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesHeadAndBodyInOrder();
    void goesOnAfterEveryNumberOfBytes();
    void skipsEmptyPieces();
    void isEmptyWithoutBytes();

private:
    const std::vector<QByteArray> m_body{"one", "", "two", "", "", "three"};
    const QByteArray m_whole = "head:onetwothree";
};

namespace {

QByteArray joined(std::span<const iovec> vectors)
{
    QByteArray all;
    for (const iovec &each : vectors) {
        all.append(static_cast<const char *>(each.iov_base), static_cast<qsizetype>(each.iov_len));
    }
    return all;
}

} // namespace

void OutputQueueTest::givesHeadAndBodyInOrder()
{
    OutputQueue queue;
    queue.set("head:", m_body);
    std::array<iovec, 8> vectors{};
    QCOMPARE(joined(std::span(vectors).first(queue.fill(vectors))), m_whole);
    QCOMPARE(joined(std::span(vectors).first(queue.fill(std::span(vectors).first(2)))), "head:one");
    std::array<char, 100> buffer{};
    QCOMPARE(queue.copyTo(buffer), m_whole.size());
    QCOMPARE(QByteArrayView(buffer.data(), m_whole.size()), m_whole);
    QCOMPARE(queue.copyTo(std::span(buffer).first(7)), 7);
    QVERIFY(queue.isUntouched());
    queue.advance(1);
    QVERIFY(!queue.isUntouched());
}

void OutputQueueTest::goesOnAfterEveryNumberOfBytes()
{
    for (qsizetype step = 1; step <= m_whole.size(); ++step) {
        OutputQueue queue;
        queue.set("head:", m_body);
        qsizetype sent = 0;
        while (!queue.isEmpty()) {
            std::array<iovec, 8> vectors{};
            QCOMPARE(joined(std::span(vectors).first(queue.fill(vectors))), m_whole.sliced(sent));
            std::array<char, 100> buffer{};
            QCOMPARE(QByteArray(buffer.data(), queue.copyTo(buffer)), m_whole.sliced(sent));
            const qsizetype count = qMin(step, m_whole.size() - sent);
            queue.advance(count);
            sent += count;
        }
        QCOMPARE(sent, m_whole.size());
    }
}

void OutputQueueTest::skipsEmptyPieces()
{
    OutputQueue queue;
    queue.set({}, m_body);
    std::array<iovec, 8> vectors{};
    QCOMPARE(queue.fill(vectors), 3U);
}

void OutputQueueTest::isEmptyWithoutBytes()
{
    OutputQueue queue;
    QVERIFY(queue.isEmpty());
    const std::vector<QByteArray> nothing{"", ""};
    queue.set({}, nothing);
    QVERIFY(queue.isEmpty());
    std::array<iovec, 8> vectors{};
    QCOMPARE(queue.fill(vectors), 0U);
    queue.set("head", m_body);
    queue.clear();
    QVERIFY(queue.isEmpty());
    std::array<char, 8> buffer{};
    QCOMPARE(queue.copyTo(buffer), 0);
}

QTEST_GUILESS_MAIN(OutputQueueTest)
#include "tst_output_queue.moc"
