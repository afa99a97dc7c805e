// labels: hostile
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>

using namespace delta;
using test::Edge;
using test::RawClient;

namespace {

constexpr int manyRequests = 5'000;
/// As many requests of one connection as may be served while another one waits for its own.
constexpr int fewRequests = 20;

QByteArray get(const QByteArray &path)
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

} // namespace

/// Clients that send many requests without waiting for the replies.
class PipeliningTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersEveryRequestInOrder();
    void keepsNoOtherClientWaiting();
};

void PipeliningTest::answersEveryRequestInOrder()
{
    Edge edge;
    edge.handler = [](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) {
        reply->send(200, {}, request.path.toByteArray());
    };
    RawClient client(edge.port);
    QByteArray requests;
    for (int index = 0; index < manyRequests; ++index) {
        requests += get("/" + QByteArray::number(index));
    }

    client.send(requests);

    QVERIFY(edge.waitForRequests(manyRequests));
    QVERIFY(client.waitForReplies(manyRequests));
    const std::vector<test::ReceivedReply> replies = client.replies();
    for (int index = 0; index < manyRequests; ++index) {
        QCOMPARE(replies[static_cast<std::size_t>(index)].body, "/" + QByteArray::number(index));
    }
}

void PipeliningTest::keepsNoOtherClientWaiting()
{
    Edge edge;
    RawClient greedy(edge.port);
    RawClient modest(edge.port);
    greedy.send(get("/greedy"));
    modest.send(get("/modest"));
    QVERIFY(greedy.waitForReplies(1) && modest.waitForReplies(1));
    int greedyCount = 0;
    // The modest client asks while the greedy one's requests are being served.
    edge.handler = [&](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply) {
        greedyCount += request.path == "/greedy" ? 1 : 0;
        reply->send(200, {}, "ok");
        if (greedyCount == fewRequests && request.path == "/greedy") {
            modest.send(get("/modest"));
        }
    };

    greedy.send(get("/greedy").repeated(manyRequests));

    QVERIFY(modest.waitForReplies(2));
    QVERIFY2(greedyCount <= 2 * fewRequests, qPrintable(QString::number(greedyCount)));
    QVERIFY(edge.waitForRequests(2 + manyRequests + 1));
}

DELTA_LOOP_TEST_MAIN(PipeliningTest)

#include "tst_pipelining.moc"
