#include "gateway/net/sse_parser.h"

#include <QElapsedTimer>
#include <QtTest>

#include <array>
#include <random>
#include <vector>

using delta::ApiError;
using delta::ErrorKind;
using delta::failure;
using delta::Result;
using delta::net::SseEvent;
using delta::net::SseParser;
using namespace Qt::StringLiterals;

namespace {

/// An event that outlives its callback.
struct Copy {
    QByteArray raw;
    QByteArray name;
    QByteArray id;
    QByteArray data;

    bool operator==(const Copy &) const = default;
};
using Copies = std::vector<Copy>;

/// Collects events.
struct Collector {
    Copies events;
    SseParser::OnEvent take = [this](const SseEvent &event) -> Result<void> {
        events.push_back({event.raw.toByteArray(), event.name.toByteArray(), event.id.toByteArray(),
                          event.data.toByteArray()});
        return {};
    };
};

Copies parse(const std::vector<QByteArray> &pieces)
{
    SseParser parser;
    Collector collector;
    for (const QByteArray &piece : pieces) {
        if (!parser.feed(piece, collector.take)) {
            return {};
        }
    }
    return collector.events;
}

QByteArray rawOf(const Copies &events)
{
    QByteArray all;
    for (const Copy &event : events) {
        all += event.raw;
    }
    return all;
}

std::size_t below(std::mt19937 &random, std::size_t limit)
{
    return random() % limit;
}

/// Returns some lines of any kind, all ended in the same way, after a byte order mark or none.
QByteArray randomStream(std::mt19937 &random)
{
    static const std::array lineBreaks{"\n"_ba, "\r\n"_ba, "\r"_ba};
    static const std::array lines{"data: x"_ba,  "data"_ba,     "data:"_ba,
                                  ""_ba,         "event: e"_ba, "id: 7"_ba,
                                  ": note"_ba,   "retry: 3"_ba, "data: \xe2\x82\xac"_ba,
                                  "nonsense"_ba, ":"_ba,        ""_ba};
    const QByteArray &lineBreak = lineBreaks[below(random, lineBreaks.size())];
    QByteArray stream = below(random, 4) == 0 ? "\xEF\xBB\xBF"_ba : ""_ba;
    // A stream in CRLF that begins with an empty line looks like one in CR until the next byte.
    stream += "data: first" + lineBreak;
    for (std::size_t count = below(random, 20); count > 0; --count) {
        stream += lines[below(random, lines.size())] + lineBreak;
    }
    return stream;
}

std::vector<QByteArray> randomPieces(QByteArray stream, std::mt19937 &random)
{
    std::vector<QByteArray> pieces;
    while (!stream.isEmpty()) {
        const auto size = static_cast<qsizetype>(below(random, 9)); // Also nothing.
        pieces.push_back(stream.first(qMin(size, stream.size())));
        stream.remove(0, pieces.back().size());
    }
    return pieces;
}

} // namespace

class SseParserTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsFields_data();
    void readsFields();
    void readsSeveralEvents();
    void givesTheSameEventsHoweverTheStreamIsCut_data();
    void givesTheSameEventsHoweverTheStreamIsCut();
    void givesAnEventAsSoonAsItIsComplete_data();
    void givesAnEventAsSoonAsItIsComplete();
    void givesTheSameEventsForAnyCutsOfAnyStream();
    void keepsEveryByteOfAMixedStream();
    void dropsAnEventWithoutItsEmptyLine();
    void refusesAnEventBeyondTheLimit_data();
    void refusesAnEventBeyondTheLimit();
    void acceptsAnEventOfExactlyTheLimit();
    void acceptsManyEventsThatTogetherExceedTheLimit();
    void readsAnEventOfManyLinesAfterOneOfOne();
    void stopsAtTheCallbacksError();
    void takesTimeInProportionToTheBytes();
    void splitsAStreamQuickly();
};

void SseParserTest::readsFields_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("data");
    const auto add = [](const char *what, const QByteArray &raw, const QByteArray &data,
                        const QByteArray &name = {}, const QByteArray &id = {}) {
        QTest::newRow(what) << raw << name << id << data;
    };
    add("data", "data: x\n\n", "x");
    add("without space", "data:x\n\n", "x");
    add("two spaces", "data:  x \n\n", " x ");
    add("two lines", "data: a\ndata: b\n\n", "a\nb");
    add("three lines, one empty", "data: a\ndata\ndata: c\n\n", "a\n\nc");
    add("empty data", "data:\n\n", "");
    add("colon in data", "data: {\"a\":1}\n\n", "{\"a\":1}");
    add("name", "event: message_start\ndata: {}\n\n", "{}", "message_start");
    add("id", "id: 7\ndata: {}\n\n", "{}", "", "7");
    add("last name wins", "event: a\nevent: b\n\n", "", "b");
    add("retry and unknown", "retry: 10\nfoo: bar\ndata: x\n\n", "x");
    add("comment", ": keep-alive\n\n", "");
    add("comment between lines", "data: a\n: note\ndata: b\n\n", "a\nb");
    add("only an empty line", "\n", "");
    add("CRLF", "event: a\r\ndata: x\r\n\r\n", "x", "a");
    add("CR", "event: a\rdata: x\r\r", "x", "a");
    add("byte order mark",
        "\xEF\xBB\xBF"
        "data: x\n\n",
        "x");
    add("UTF-8", "data: \xe2\x82\xac\n\n", "\xe2\x82\xac");
    add("case matters", "DATA: x\n\n", "");
    add("field with space", "data : x\n\n", "");
}

void SseParserTest::readsFields()
{
    QFETCH(const QByteArray, raw);
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, id);
    QFETCH(const QByteArray, data);
    const Copies events = parse({raw});
    QCOMPARE(events.size(), 1U);
    QCOMPARE(events[0].raw, raw);
    QCOMPARE(events[0].name, name);
    QCOMPARE(events[0].id, id);
    QCOMPARE(events[0].data, data);
}

void SseParserTest::readsSeveralEvents()
{
    const Copies events = parse({"data: 1\n\ndata: 2\n\n: c\n\ndata: [DO", "NE]\n\n"});
    QCOMPARE(events.size(), 4U);
    QCOMPARE(events[1].raw, "data: 2\n\n");
    QCOMPARE(events[3].data, "[DONE]");
}

void SseParserTest::givesTheSameEventsHoweverTheStreamIsCut_data()
{
    QTest::addColumn<QByteArray>("lineBreak");
    QTest::newRow("LF") << "\n"_ba;
    QTest::newRow("CRLF") << "\r\n"_ba;
    QTest::newRow("CR") << "\r"_ba;
}

void SseParserTest::givesTheSameEventsHoweverTheStreamIsCut()
{
    QFETCH(const QByteArray, lineBreak);
    const QByteArray stream =
        QByteArray("\xEF\xBB\xBF: hello\n\nevent: delta\nid: 1\ndata: {\"t\":\"\xe2\x82\xac\"}\n\n"
                   "data: a\ndata\ndata: b\n\n\n\ndata: [DONE]\n\n")
            .replace('\n', lineBreak);
    const Copies whole = parse({stream});
    QCOMPARE(whole.size(), 6U);
    QCOMPARE(rawOf(whole), stream);
    for (qsizetype first = 0; first <= stream.size(); ++first) {
        for (qsizetype second = first; second <= stream.size(); ++second) {
            const Copies cut = parse(
                {stream.first(first), stream.sliced(first, second - first), stream.sliced(second)});
            QVERIFY2(cut == whole, qPrintable(u"cut at %1 and %2"_s.arg(first).arg(second)));
        }
    }
    std::vector<QByteArray> bytes;
    for (const char byte : stream) {
        bytes.emplace_back(1, byte);
    }
    QVERIFY(parse(bytes) == whole);
}

void SseParserTest::givesAnEventAsSoonAsItIsComplete_data()
{
    givesTheSameEventsHoweverTheStreamIsCut_data();
}

void SseParserTest::givesAnEventAsSoonAsItIsComplete()
{
    QFETCH(const QByteArray, lineBreak);
    SseParser parser;
    Collector collector;
    for (std::size_t number = 1; number <= 3; ++number) {
        QVERIFY(parser.feed("data: x" + lineBreak + lineBreak, collector.take));
        QCOMPARE(collector.events.size(), number);
    }
}

void SseParserTest::givesTheSameEventsForAnyCutsOfAnyStream()
{
    std::mt19937 random(20'261'123); // The same streams in every run.
    for (int round = 0; round < 2'000; ++round) {
        const QByteArray stream = randomStream(random);
        const Copies whole = parse({stream});
        const std::vector<QByteArray> pieces = randomPieces(stream, random);
        const Copies cut = parse(pieces);
        QVERIFY2(cut == whole,
                 qPrintable(u"round %1: %2"_s.arg(round).arg(
                     QString::fromLatin1(stream.toPercentEncoding()))));
        QCOMPARE(rawOf(whole), stream.first(rawOf(whole).size()));
    }
}

void SseParserTest::keepsEveryByteOfAMixedStream()
{
    // Nobody sends this. Still no byte may be lost and no data changed, wherever it is cut.
    const QByteArray stream = "data: a\r\rdata: b\n\r\ndata: c\r\n\rdata: d\n\r\r\n";
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        const Copies events = parse({stream.first(cut), stream.sliced(cut)});
        QByteArray data;
        for (const Copy &event : events) {
            data += event.data;
        }
        QCOMPARE(data, "abcd");
        QVERIFY(stream.startsWith(rawOf(events)));
    }
}

void SseParserTest::dropsAnEventWithoutItsEmptyLine()
{
    QCOMPARE(parse({"data: 1\n\ndata: 2\n"}).size(), 1U);
    QCOMPARE(parse({"data: 1"}).size(), 0U);
    QCOMPARE(parse({""}).size(), 0U);
}

void SseParserTest::refusesAnEventBeyondTheLimit_data()
{
    QTest::addColumn<int>("pieceSize");
    for (const int pieceSize : {1, 7, 100, 5'000}) {
        QTest::addRow("%d bytes each", pieceSize) << pieceSize;
    }
}

void SseParserTest::refusesAnEventBeyondTheLimit()
{
    QFETCH(const int, pieceSize);
    const QByteArray stream = "data: fine\n\ndata: " + QByteArray(2'000, 'x') + "\n\n";
    SseParser parser(1'000);
    Collector collector;
    Result<void> result;
    for (qsizetype at = 0; at < stream.size() && result; at += pieceSize) {
        result = parser.feed(stream.mid(at, pieceSize), collector.take);
    }
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::UpstreamInvalid);
    QCOMPARE(collector.events.size(), 1U);
}

void SseParserTest::acceptsAnEventOfExactlyTheLimit()
{
    const QByteArray event = "data: 123456\n\n";
    for (qsizetype cut = 0; cut <= event.size(); ++cut) {
        SseParser exact(event.size());
        Collector collector;
        QVERIFY(exact.feed(event.first(cut), collector.take));
        QVERIFY(exact.feed(event.sliced(cut), collector.take));
        QCOMPARE(collector.events.size(), 1U);
        SseParser tooSmall(event.size() - 1);
        QVERIFY(!tooSmall.feed(event.first(cut), collector.take)
                || !tooSmall.feed(event.sliced(cut), collector.take));
    }
}

void SseParserTest::readsAnEventOfManyLinesAfterOneOfOne()
{
    // What one event leaves behind must not be part of the next.
    const Copies events = parse({"data: a\ndata: b\nid: 1\nevent: x\n\ndata: c\n\n"
                                 "data: d\ndata: e\ndata: f\n\n"});
    QCOMPARE(events.size(), 3U);
    QCOMPARE(events[0].data, "a\nb");
    QCOMPARE(events[1].data, "c");
    QCOMPARE(events[1].id, "");
    QCOMPARE(events[1].name, "");
    QCOMPARE(events[2].data, "d\ne\nf");
}

void SseParserTest::acceptsManyEventsThatTogetherExceedTheLimit()
{
    SseParser parser(20);
    Collector collector;
    QVERIFY(parser.feed(QByteArray("data: 123456\n\n").repeated(1'000), collector.take));
    QCOMPARE(collector.events.size(), 1'000U);
}

void SseParserTest::stopsAtTheCallbacksError()
{
    SseParser parser;
    int calls = 0;
    const auto result = parser.feed(
        "data: 1\n\ndata: 2\n\n", [&calls](const SseEvent &) -> Result<void> {
            ++calls;
            return failure(ApiError::upstream(ErrorKind::UpstreamInvalid, u"no"_s));
        });
    QVERIFY(!result);
    QCOMPARE(calls, 1);
}

void SseParserTest::takesTimeInProportionToTheBytes()
{
    // 7 MB in pieces of 64 bytes: a parser that looks at old bytes again would take minutes.
    const QByteArray stream = "data: " + QByteArray(7'000'000, 'x') + "\n\n";
    SseParser parser;
    Collector collector;
    for (qsizetype at = 0; at < stream.size(); at += 64) {
        QVERIFY(parser.feed(QByteArrayView(stream).sliced(at, qMin(64, stream.size() - at)),
                            collector.take));
    }
    QCOMPARE(collector.events.size(), 1U);
    QCOMPARE(collector.events[0].data.size(), 7'000'000);
}

void SseParserTest::splitsAStreamQuickly()
{
    // As a stream comes from a provider: one event of 260 bytes in a piece, cut in two at times.
    const QByteArray event = "data: {\"choices\":[{\"delta\":{\"content\":\"" + QByteArray(210, 'x')
        + "\"}}]}\n\n";
    qsizetype dataBytes = 0;
    const SseParser::OnEvent count = [&dataBytes](const SseEvent &each) -> Result<void> {
        dataBytes += each.data.size();
        return {};
    };
    constexpr int rounds = 1'000;
    constexpr int events = 200;
    QElapsedTimer clock;
    clock.start();
    for (int round = 0; round < rounds; ++round) {
        SseParser parser;
        for (int number = 0; number < events; ++number) {
            const qsizetype cut = number % 4 == 0 ? 100 : event.size();
            QVERIFY(parser.feed(QByteArrayView(event).first(cut), count));
            QVERIFY(parser.feed(QByteArrayView(event).sliced(cut), count));
        }
    }
    qInfo("%.0f ns an event", static_cast<double>(clock.nsecsElapsed()) / (rounds * events));
    QCOMPARE(dataBytes, qsizetype(rounds) * events * (event.size() - 8));
}

QTEST_GUILESS_MAIN(SseParserTest)
#include "tst_sse_parser.moc"
