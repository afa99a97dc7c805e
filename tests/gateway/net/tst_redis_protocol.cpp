// labels: unit hostile
#include "gateway/net/redis_protocol.h"

#include <QTest>

using namespace delta;
using net::redisCommand;
using net::RedisReader;
using net::RedisReply;
using Kind = net::RedisReply::Kind;

Q_DECLARE_METATYPE(delta::net::RedisReply::Kind)

namespace {

/// Returns the only reply in these bytes.
RedisReply replyOf(QByteArrayView bytes)
{
    RedisReader reader;
    reader.feed(bytes);
    return **reader.next();
}

} // namespace

class RedisProtocolTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesCommandsAsListsOfTexts();
    void readsReplies_data();
    void readsReplies();
    void readsRepliesInPiecesAndInHeaps();
    void refusesWhatIsNoReply_data();
    void refusesWhatIsNoReply();
};

void RedisProtocolTest::writesCommandsAsListsOfTexts()
{
    QCOMPARE(redisCommand({"GET", QByteArray("a\r\n\0b", 5), ""}),
             QByteArray("*3\r\n$3\r\nGET\r\n$5\r\na\r\n\0b\r\n$0\r\n\r\n", 30));
}

void RedisProtocolTest::readsReplies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("count");
    QTest::newRow("status") << QByteArray("+OK\r\n") << Kind::Status << QByteArray("OK") << 0;
    QTest::newRow("error") << QByteArray("-NOSCRIPT no\r\n") << Kind::Error
                           << QByteArray("NOSCRIPT no") << 0;
    QTest::newRow("numbers") << QByteArray("*2\r\n:1\r\n:-7\r\n") << Kind::Numbers << QByteArray()
                             << 2;
    QTest::newRow("empty") << QByteArray("*0\r\n") << Kind::Numbers << QByteArray() << 0;
    const auto other = [](const char *name, const QByteArray &bytes) {
        QTest::newRow(name) << bytes << Kind::Other << QByteArray() << 0;
    };
    other("number", ":5\r\n");
    other("text", "$2\r\nhi\r\n");
    other("nothing", "$-1\r\n");
    other("no list", "*-1\r\n");
    other("a list with a text", "*2\r\n:1\r\n$1\r\n2\r\n");
    other("a list in a list", "*1\r\n*1\r\n:1\r\n");
    other("lists in lists", QByteArray("*1\r\n").repeated(1000) + ":1\r\n");
    other("a map", "%1\r\n:1\r\n:2\r\n");
}

void RedisProtocolTest::readsReplies()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const Kind, kind);
    const RedisReply reply = replyOf(bytes);
    QVERIFY(reply.kind == kind);
    QTEST(reply.text, "text");
    QTEST(int(reply.numbers.size()), "count");
}

void RedisProtocolTest::readsRepliesInPiecesAndInHeaps()
{
    RedisReader reader;
    const QByteArray bytes = QByteArray("*2\r\n:12\r\n:34\r\n+OK\r\n").repeated(20'000);
    int lists = 0;
    int states = 0;
    for (qsizetype at = 0; at < bytes.size(); at += 7) {
        reader.feed(QByteArrayView(bytes).sliced(at, qMin(7, bytes.size() - at)));
        for (auto reply = reader.next(); reply && *reply; reply = reader.next()) {
            lists += (*reply)->numbers == std::vector<qint64>{12, 34} ? 1 : 0;
            states += (*reply)->text == "OK" ? 1 : 0;
        }
    }
    QCOMPARE(lists, 20'000);
    QCOMPARE(states, 20'000);
}

void RedisProtocolTest::refusesWhatIsNoReply_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("a number that is none") << QByteArray("*1\r\n:1e9\r\n");
    QTest::newRow("a number that is too large") << QByteArray(":99999999999999999999\r\n");
    QTest::newRow("a negative length") << QByteArray("$-2\r\n");
    QTest::newRow("a list too long") << QByteArray("*1000000000\r\n");
    QTest::newRow("a text too long") << "$100000000\r\n" + QByteArray(70'000, 'x');
    QTest::newRow("a line without an end") << '+' + QByteArray(70'000, 'x');
}

void RedisProtocolTest::refusesWhatIsNoReply()
{
    QFETCH(const QByteArray, bytes);
    RedisReader reader;
    reader.feed(bytes);
    QVERIFY(!reader.next());
}

QTEST_GUILESS_MAIN(RedisProtocolTest)
#include "tst_redis_protocol.moc"
