// labels: hostile
#include "gateway/http/transport/request_parser.h"
#include "tests/gateway/http/edge_fixture.h"
#include "tests/support/loop_main.h"
#include "tests/support/raw_client.h"

#include <QtTest>

#include <algorithm>
#include <random>
#include <vector>

using namespace delta;

namespace {

constexpr int mutationCount = 5'000;
constexpr std::uint32_t seed = 20'261'123;

const std::vector<QByteArray> originals{
    "GET /a HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
    "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world",
    "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;e=f\r\n "
    "world\r\n0\r\nT: t\r\n\r\n",
    "PUT http://x/d?e=f HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
    "3\r\n\r\nabc",
    "OPTIONS /g HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
};

const std::vector<QByteArray> pieces{"\r\n",
                                     "\n",
                                     "\r",
                                     "\r\n\r\n",
                                     " ",
                                     "\t",
                                     ":",
                                     ";",
                                     ",",
                                     "0",
                                     QByteArray("\0", 1),
                                     "\xff",
                                     "Content-Length: 5\r\n",
                                     "Transfer-Encoding: chunked\r\n",
                                     "Host: y\r\n",
                                     "0\r\n\r\n",
                                     "HTTP/1.1",
                                     "chunked",
                                     "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
                                     "-1",
                                     "ffffffffffffffff",
                                     "\r\n "};

/// Makes broken requests, always the same ones.
class Mutator
{
public:
    QByteArray next()
    {
        QByteArray bytes = pick(originals) + pick(originals);
        const int changes = 1 + number(4);
        for (int change = 0; change < changes; ++change) {
            mutate(bytes);
        }
        return bytes;
    }

private:
    int number(qsizetype below)
    {
        return static_cast<int>(m_engine()
                                % static_cast<std::uint32_t>(std::max<qsizetype>(below, 1)));
    }

    QByteArray pick(const std::vector<QByteArray> &choices)
    {
        return choices[static_cast<std::size_t>(number(static_cast<qsizetype>(choices.size())))];
    }

    void mutate(QByteArray &bytes)
    {
        const int at = number(bytes.size());
        switch (number(5)) {
        case 0:
            bytes.insert(at, pick(pieces));
            return;
        case 1:
            bytes.remove(at, 1 + number(6));
            return;
        case 2:
            bytes.insert(at, static_cast<char>(number(256)));
            return;
        case 3:
            bytes.insert(at, bytes.mid(number(bytes.size()), number(40)));
            return;
        default:
            bytes.replace(at, 1, QByteArray(1, static_cast<char>(number(256))));
            return;
        }
    }

    std::mt19937 m_engine{seed};
};

/// What bare llhttp makes of the bytes, with the same strictness and no checks beyond its own.
struct Reference {
    int messages = 0;
    bool hasEnded = false;

    explicit Reference(QByteArrayView bytes)
    {
        llhttp_settings_t settings;
        llhttp_settings_init(&settings);
        settings.on_message_complete = [](llhttp_t *parser) {
            ++static_cast<Reference *>(parser->data)->messages;
            return 0;
        };
        llhttp_t parser;
        llhttp_init(&parser, HTTP_REQUEST, &settings);
        parser.data = this;
        hasEnded = llhttp_execute(&parser, bytes.data(), static_cast<std::size_t>(bytes.size()))
            != HPE_OK;
    }
};

/// Returns how many requests our parser finds before it refuses or runs out of bytes.
int requestsIn(QByteArrayView bytes, qsizetype pieceSize)
{
    const http::EdgeSettings settings;
    http::RequestParser parser(settings);
    int count = 0;
    while (!bytes.isEmpty()) {
        const auto step = parser.feed(bytes.first(std::min(pieceSize, bytes.size())));
        bytes = bytes.sliced(step.consumed);
        if (step.progress == http::RequestParser::Progress::Refused) {
            break;
        }
        if (step.progress == http::RequestParser::Progress::Complete) {
            ++count;
            const bool isLast = !parser.keepsAlive();
            const ports::HttpRequest request = parser.takeRequest();
            if (isLast) {
                break;
            }
        }
    }
    return count;
}

} // namespace

/// Five thousand broken requests, the same ones each time.
class RequestMutationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverFindsMoreRequestsThanTheReferenceParser();
    void findsTheSameRequestsWhateverTheSplit();
    void neverRunsMoreRequestsThanTheReferenceParser();
};

void RequestMutationsTest::neverFindsMoreRequestsThanTheReferenceParser()
{
    Mutator mutator;
    int agreements = 0;
    for (int index = 0; index < mutationCount; ++index) {
        const QByteArray bytes = mutator.next();
        const int reference = Reference(bytes).messages;
        const int ours = requestsIn(bytes, bytes.size());
        QVERIFY2(ours <= reference, bytes.toPercentEncoding().constData());
        agreements += ours == reference ? 1 : 0;
    }
    // Most mutations are harmless to both; a parser that refused everything would pass the test
    // above.
    QVERIFY2(agreements > mutationCount / 2, qPrintable(QString::number(agreements)));
}

void RequestMutationsTest::findsTheSameRequestsWhateverTheSplit()
{
    Mutator mutator;
    for (int index = 0; index < mutationCount; ++index) {
        const QByteArray bytes = mutator.next();
        const int whole = requestsIn(bytes, bytes.size());
        QVERIFY2(requestsIn(bytes, 1) == whole, bytes.toPercentEncoding().constData());
        QVERIFY2(requestsIn(bytes, 7) == whole, bytes.toPercentEncoding().constData());
    }
}

void RequestMutationsTest::neverRunsMoreRequestsThanTheReferenceParser()
{
    test::Edge edge;
    Mutator mutator;
    for (int index = 0; index < mutationCount; ++index) {
        const QByteArray bytes = mutator.next();
        edge.seen.clear();
        test::RawClient client(edge.port);
        client.send(bytes);
        client.endWriting();

        QVERIFY2(client.waitForClose(), bytes.toPercentEncoding().constData());

        const auto ran = static_cast<int>(edge.seen.size());
        QVERIFY2(ran <= Reference(bytes).messages, bytes.toPercentEncoding().constData());
    }
    QVERIFY(test::turnLoopUntil([&edge] { return edge.server->connectionCount() == 0; }));
}

DELTA_LOOP_TEST_MAIN(RequestMutationsTest)

#include "tst_request_mutations.moc"
