// labels: unit hostile money
#include "gateway/providers/stream_decoder.h"
#include "tests/gateway/providers/provider_samples.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::providers;
using delta::providers::test::chat;
using delta::providers::test::decode;
using delta::providers::test::Decoded;

namespace {

QByteArray sse(const QByteArray &data)
{
    return "data: " + data + "\n\n";
}

QByteArray word(const QByteArray &text, const QByteArray &more = {})
{
    return sse(R"({"choices":[{"index":0,"delta":{"content":")" + text
               + R"("},"finish_reason":null}])" + more + '}');
}

QByteArray finished(int index = 0)
{
    return sse(R"({"choices":[{"index":)" + QByteArray::number(index)
               + R"(,"delta":{},"finish_reason":"stop"}]})");
}

QByteArray usage(const QByteArray &figures)
{
    return sse(R"({"choices":[],"usage":)" + figures + '}');
}

const QByteArray figures = R"({"prompt_tokens":10,"completion_tokens":5})";
const QByteArray done = "data: [DONE]\n\n";

openai::ModelRequest streamed(const QByteArray &more = {})
{
    return chat(R"(,"stream":true)" + more);
}

openai::ModelRequest wantingUsage()
{
    return streamed(R"(,"stream_options":{"include_usage":true})");
}

} // namespace

class StreamDecoderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesEventsOnByteForByte();
    void makesTheSameEventsHoweverTheBodyIsCut();
    void hidesTheUsageThatOnlyWeAskedFor_data();
    void hidesTheUsageThatOnlyWeAskedFor();
    void keepsAnEventOfSeveralLinesWhole();
    void showsTheUsageThatTheClientAskedFor();
    void readsEveryPartOfTheUsage_data();
    void readsEveryPartOfTheUsage();
    void takesTheLastUsage();
    void remembersThatAUsageWasImpossible();
    void countsTheTextItself();
    void endsAStreamThatForgotItsEndMark_data();
    void endsAStreamThatForgotItsEndMark();
    void tellsATruncatedStream_data();
    void tellsATruncatedStream();
    void expectsAChoiceForEveryPrompt_data();
    void expectsAChoiceForEveryPrompt();
    void takesAnEndMarkWithBlanks();
    void ignoresWhatFollowsTheEndMark();
    void dropsComments();
    void failsAtAnErrorInTheStream_data();
    void failsAtAnErrorInTheStream();
    void refusesWhatIsNoJson_data();
    void refusesWhatIsNoJson();
    void refusesAnEndlessEvent();
};

void StreamDecoderTest::passesEventsOnByteForByte()
{
    // Unknown members, unusual spelling and other line ends are the provider's own affair.
    const QByteArray body =
        "event: chunk\r\nid: 7\r\ndata:  {\"x\" : [1.50, 1e400],\r\ndata:  \"choices\": []}\r\n\r\n"
        + word("\xe2\x82\xac \\u20ac") + finished() + done;
    StreamDecoder decoder(wantingUsage());
    const Decoded decoded = decode(decoder, {body});
    QVERIFY(decoded.outcome);
    QCOMPARE(decoded.bytes, body);
    QCOMPARE(decoded.events, 4U);
    QVERIFY(decoder.state().isComplete);
}

void StreamDecoderTest::makesTheSameEventsHoweverTheBodyIsCut()
{
    const QByteArray body = word("hello", R"(,"usage":null)") + word(" there") + finished()
        + usage(figures) + done;
    StreamDecoder whole(streamed());
    const Decoded expected = decode(whole, {body});
    for (qsizetype cut = 0; cut <= body.size(); ++cut) {
        StreamDecoder decoder(streamed());
        const Decoded decoded = decode(decoder, {body.first(cut), body.sliced(cut)});
        QVERIFY(decoded.outcome);
        QCOMPARE(decoded.bytes, expected.bytes);
        QCOMPARE(decoder.state().reported, whole.state().reported);
        QCOMPARE(decoder.state().producedTokens, whole.state().producedTokens);
    }
}

void StreamDecoderTest::hidesTheUsageThatOnlyWeAskedFor_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("seen");
    QTest::newRow("event of its own") << usage(figures) << ""_ba;
    QTest::newRow("event of its own, impossible") << usage(R"({"prompt_tokens":-1})") << ""_ba;
    QTest::newRow("null beside content") << word("a", R"(,"usage":null)") << word("a");
    QTest::newRow("beside content") << word("a", R"(,"usage":)" + figures) << word("a");
    QTest::newRow("first member") << sse(R"({"usage":null,"choices":[{"delta":{}}]})")
                                  << sse(R"({"choices":[{"delta":{}}]})");
    QTest::newRow("with a name and an id")
        << "event: x\nid: 1\n" + word("a", R"(,"usage":null)") << "event: x\nid: 1\n" + word("a");
    QTest::newRow("null without content")
        << sse(R"({"choices":[],"usage":null})") << sse(R"({"choices":[]})");
    QTest::newRow("none") << word("a") << word("a");
}

void StreamDecoderTest::hidesTheUsageThatOnlyWeAskedFor()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, seen);
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(decoder, {sent, finished(), done});
    QVERIFY(decoded.outcome);
    QCOMPARE(decoded.bytes, seen + finished() + done);
}

void StreamDecoderTest::keepsAnEventOfSeveralLinesWhole()
{
    const QByteArray sent = "data: {\ndata: \"choices\": [],\ndata: \"usage\": null,\n"
                            "data: \"x\": 1\ndata: }\n\n";
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(decoder, {sent, finished(), done});
    QVERIFY(decoded.outcome);
    // What is left must be one event still: the same JSON but for the usage.
    std::vector<QByteArray> data;
    net::SseParser parser;
    QVERIFY(parser.feed(decoded.bytes, [&data](const net::SseEvent &each) -> Result<void> {
        data.push_back(each.data.toByteArray());
        return {};
    }));
    QCOMPARE(data.size(), 3U);
    QCOMPARE(data[0].simplified(), R"({ "choices": [], "x": 1 })");
}

void StreamDecoderTest::showsTheUsageThatTheClientAskedFor()
{
    const QByteArray body = word("a", R"(,"usage":null)") + finished() + usage(figures) + done;
    StreamDecoder decoder(wantingUsage());
    QCOMPARE(decode(decoder, {body}).bytes, body);
    QCOMPARE(decoder.state().reported->inputTokens, 10);
}

void StreamDecoderTest::readsEveryPartOfTheUsage_data()
{
    QTest::addColumn<QByteArray>("figures");
    QTest::addColumn<QList<qint64>>("parts"); // Cache read, cache write, reasoning, audio in, out.
    QTest::newRow("none") << R"({"prompt_tokens":100,"completion_tokens":50})"_ba
                          << QList<qint64>{0, 0, 0, 0, 0};
    QTest::newRow("all details")
        << R"({"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,)"
           R"("prompt_tokens_details":{"cached_tokens":40,"audio_tokens":7},)"
           R"("completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":9,)"
           R"("accepted_prediction_tokens":1}})"_ba
        << QList<qint64>{40, 0, 30, 7, 9};
    QTest::newRow("details are null")
        << R"({"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":null,)"
           R"("completion_tokens_details":null})"_ba
        << QList<qint64>{0, 0, 0, 0, 0};
    QTest::newRow("cache at the top")
        << R"({"prompt_tokens":100,"completion_tokens":50,"prompt_cache_hit_tokens":60})"_ba
        << QList<qint64>{60, 0, 0, 0, 0};
    QTest::newRow("cache read and written")
        << R"({"prompt_tokens":100,"completion_tokens":50,"cache_read_input_tokens":20,)"
           R"("cache_creation_input_tokens":30})"_ba
        << QList<qint64>{20, 30, 0, 0, 0};
    QTest::newRow("more cached than sent")
        << R"({"prompt_tokens":100,"completion_tokens":50,)"
           R"("prompt_tokens_details":{"cached_tokens":4000}})"_ba
        << QList<qint64>{100, 0, 0, 0, 0};
}

void StreamDecoderTest::readsEveryPartOfTheUsage()
{
    QFETCH(const QByteArray, figures);
    QFETCH(const QList<qint64>, parts);
    StreamDecoder decoder(streamed());
    QVERIFY(decode(decoder, {word("a"), finished(), usage(figures), done}).outcome);
    QVERIFY(decoder.state().reported);
    const Usage reported = *decoder.state().reported;
    QCOMPARE(reported.inputTokens, 100);
    QCOMPARE(reported.outputTokens, 50);
    QCOMPARE((QList<qint64>{reported.cacheReadTokens, reported.cacheWriteTokens,
                            reported.reasoningTokens, reported.audioInputTokens,
                            reported.audioOutputTokens}),
             parts);
}

void StreamDecoderTest::takesTheLastUsage()
{
    // Some providers report with every event what it came to so far.
    StreamDecoder decoder(streamed());
    const auto sofar = [](int tokens) {
        return R"(,"usage":{"prompt_tokens":10,"completion_tokens":)" + QByteArray::number(tokens)
            + '}';
    };
    QVERIFY(decode(decoder, {word("a", sofar(1)), word("b", sofar(2)), finished(), done}).outcome);
    QCOMPARE(decoder.state().reported->outputTokens, 2);
}

void StreamDecoderTest::remembersThatAUsageWasImpossible()
{
    StreamDecoder decoder(streamed());
    QVERIFY(
        decode(decoder, {usage(R"({"prompt_tokens":-1,"completion_tokens":1})"), finished(), done})
            .outcome);
    QVERIFY(decoder.state().hasBadUsage);
    QVERIFY(!decoder.state().reported);
}

void StreamDecoderTest::countsTheTextItself()
{
    StreamDecoder decoder(streamed());
    ModelEvents events;
    QCOMPARE(decoder.state().producedTokens, 0);
    QVERIFY(decoder.feed(word("hello there, my friend"), events));
    const qint64 first = decoder.state().producedTokens;
    QVERIFY(first > 0);
    QVERIFY(decoder.feed(word(" and another handful of words"), events));
    QVERIFY(decoder.state().producedTokens > first);
    QVERIFY(!decoder.state().reported);
}

void StreamDecoderTest::endsAStreamThatForgotItsEndMark_data()
{
    QTest::addColumn<int>("choices");
    QTest::newRow("one choice") << 1;
    QTest::newRow("three choices") << 3;
}

void StreamDecoderTest::endsAStreamThatForgotItsEndMark()
{
    QFETCH(const int, choices);
    StreamDecoder decoder(streamed(R"(,"n":)" + QByteArray::number(choices)));
    QByteArray body;
    for (int index = 0; index < choices; ++index) {
        body += finished(index);
    }
    const Decoded decoded = decode(decoder, {body});
    QVERIFY(decoded.outcome);
    QCOMPARE(decoded.bytes, body + done);
    QVERIFY(decoder.state().isComplete);
}

void StreamDecoderTest::tellsATruncatedStream_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("choices");
    QTest::newRow("nothing") << ""_ba << 1;
    QTest::newRow("only a comment") << ": hello\n\n"_ba << 1;
    QTest::newRow("before the end") << word("a") << 1;
    QTest::newRow("one of two choices") << word("a") + finished(0) << 2;
    QTest::newRow("an empty reason to finish")
        << sse(R"({"choices":[{"delta":{"content":"a"},"finish_reason":""}]})") << 1;
    QTest::newRow("one of two choices said its end twice") << finished(0) + finished(0) << 2;
    QTest::newRow("within the last event") << word("a") + finished().chopped(1) << 1;
    QTest::newRow("within the end mark") << word("a") + done.chopped(5) << 1;
}

void StreamDecoderTest::tellsATruncatedStream()
{
    QFETCH(const QByteArray, body);
    QFETCH(const int, choices);
    StreamDecoder decoder(streamed(R"(,"n":)" + QByteArray::number(choices)));
    const Decoded decoded = decode(decoder, {body});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamTruncated);
    QVERIFY(!decoder.state().isComplete);
    QVERIFY(!decoded.bytes.contains("[DONE]"));
}

void StreamDecoderTest::expectsAChoiceForEveryPrompt_data()
{
    QTest::addColumn<QByteArray>("prompt");
    QTest::addColumn<int>("choices");
    QTest::newRow("a text") << R"("a")"_ba << 1;
    QTest::newRow("texts") << R"(["a","b"])"_ba << 2;
    QTest::newRow("a list of tokens") << "[1,2,3]"_ba << 1;
    QTest::newRow("lists of tokens") << "[[1,2],[3],[4]]"_ba << 3;
}

void StreamDecoderTest::expectsAChoiceForEveryPrompt()
{
    QFETCH(const QByteArray, prompt);
    QFETCH(const int, choices);
    const openai::ModelRequest request = delta::providers::test::parsed(
        R"({"model":"m","stream":true,"prompt":)" + prompt + '}', openai::Operation::Completion);
    QByteArray body;
    for (int index = 0; index < choices; ++index) {
        StreamDecoder cut(request);
        QVERIFY(!decode(cut, {body}).outcome);
        body += finished(index);
    }
    StreamDecoder whole(request);
    QVERIFY(decode(whole, {body}).outcome);
}

void StreamDecoderTest::takesAnEndMarkWithBlanks()
{
    StreamDecoder decoder(streamed());
    QVERIFY(decode(decoder, {word("a"), "data: [DONE] \n\n"}).outcome);
}

void StreamDecoderTest::ignoresWhatFollowsTheEndMark()
{
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(decoder,
                                   {word("a") + finished() + done,
                                    usage(R"({"prompt_tokens":999})"), word("b"),
                                    "data: no json\n\n", sse(R"({"error":{"message":"late"}})")});
    QVERIFY(decoded.outcome);
    QCOMPARE(decoded.bytes, word("a") + finished() + done);
    QVERIFY(!decoder.state().reported);
}

void StreamDecoderTest::dropsComments()
{
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(
        decoder, {": keep-alive\n\n", word("a"), "retry: 5\n\n", finished(), ": bye\n\n", done});
    QVERIFY(decoded.outcome);
    QCOMPARE(decoded.bytes, word("a") + finished() + done);
    QCOMPARE(decoder.state().wholeParts, 6); // They are signs of life all the same.
}

void StreamDecoderTest::failsAtAnErrorInTheStream_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QString>("message");
    const QString unsaid = u"The provider answered with HTTP status 502."_s;
    QTest::newRow("error object") << sse(R"({"error":{"message":"Overloaded","code":"x"}})")
                                  << u"Overloaded"_s;
    QTest::newRow("error text") << sse(R"({"error":"Overloaded"})") << u"Overloaded"_s;
    QTest::newRow("object error") << sse(R"({"object":"error","message":"Overloaded"})")
                                  << u"Overloaded"_s;
    QTest::newRow("type error") << sse(
        R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})")
                                << u"Overloaded"_s;
    QTest::newRow("beside choices")
        << sse(R"({"choices":[],"error":{"message":"Overloaded"}})") << u"Overloaded"_s;
    QTest::newRow("named event") << "event: error\n" + sse(R"({"message":"Overloaded"})")
                                 << u"Overloaded"_s;
    QTest::newRow("named event without JSON") << "event: error\n" + sse("Overloaded") << unsaid;
    QTest::newRow("named event without data") << "event: error\n\n"_ba << unsaid;
    QTest::newRow("with a secret in it")
        << sse(R"({"error":{"message":"key sk-abcdef123456 at https://10.0.0.1/x"}})")
        << u"key [redacted] at [address]"_s;
}

void StreamDecoderTest::failsAtAnErrorInTheStream()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const QString, message);
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(decoder, {word("a"), sent, finished(), done});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamFailed);
    QCOMPARE(decoded.outcome.error().message, message);
    QCOMPARE(decoded.bytes, word("a")); // What came before stays; the error is not passed on.
    QVERIFY(!decoder.state().isComplete);
}

void StreamDecoderTest::refusesWhatIsNoJson_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("HTML") << "<html><body>502 Bad Gateway</body></html>"_ba;
    QTest::newRow("a word") << "hello"_ba;
    QTest::newRow("an array") << "[1]"_ba;
    QTest::newRow("cut JSON") << R"({"choices":[{"delta":)"_ba;
    QTest::newRow("choices of another kind") << R"({"choices":"a"})"_ba;
    QTest::newRow("two objects") << "{} {}"_ba;
    QTest::newRow("lower-case end mark") << "[done]"_ba;
}

void StreamDecoderTest::refusesWhatIsNoJson()
{
    QFETCH(const QByteArray, data);
    StreamDecoder decoder(streamed());
    const Decoded decoded = decode(decoder, {sse(data)});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamInvalid);
    QVERIFY(!decoded.outcome.error().message.contains(QString::fromUtf8(data)));
}

void StreamDecoderTest::refusesAnEndlessEvent()
{
    StreamDecoder decoder(streamed());
    ModelEvents events;
    const QByteArray piece(1024 * 1024, 'x');
    Result<void> outcome = decoder.feed("data: ", events);
    int pieces = 0;
    while (outcome && pieces < 100) {
        outcome = decoder.feed(piece, events);
        ++pieces;
    }
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::UpstreamInvalid);
    QVERIFY(pieces <= 9);
}

QTEST_APPLESS_MAIN(StreamDecoderTest)
#include "tst_stream_decoder.moc"
