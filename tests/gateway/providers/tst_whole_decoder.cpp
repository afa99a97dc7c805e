// labels: unit hostile money
#include "gateway/providers/whole_decoder.h"
#include "tests/gateway/providers/provider_samples.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::providers;
using delta::providers::test::chat;
using delta::providers::test::decode;
using delta::providers::test::Decoded;
using delta::providers::test::parsed;

namespace {

constexpr qsizetype roomy = 1024 * 1024;

const QByteArray answer =
    R"({"id":"c","choices":[{"message":{"content":"hello there"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":100,"completion_tokens":50,)"
    R"("prompt_tokens_details":{"cached_tokens":40,"audio_tokens":7},)"
    R"("completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":9}}, "x" : 1e400})";

} // namespace

class WholeDecoderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesTheAnswerOnAsItIs();
    void givesNothingBeforeTheEnd();
    void readsTheUsage();
    void readsTheUsageOfEmbeddings();
    void countsTheTextItself();
    void saysWhetherTheUsageIsPossible_data();
    void saysWhetherTheUsageIsPossible();
    void failsAtAnErrorInsideASuccess_data();
    void failsAtAnErrorInsideASuccess();
    void refusesWhatIsNoAnswer_data();
    void refusesWhatIsNoAnswer();
    void refusesAnAnswerThatShouldHaveStreamed();
    void keepsToTheLimitExactly();
};

void WholeDecoderTest::passesTheAnswerOnAsItIs()
{
    for (const qsizetype cut : {qsizetype(0), qsizetype(1), answer.size() / 2, answer.size()}) {
        WholeDecoder decoder(chat(), roomy);
        const Decoded decoded = decode(decoder, {answer.first(cut), answer.sliced(cut)});
        QVERIFY(decoded.outcome);
        QCOMPARE(decoded.bytes, answer);
        QCOMPARE(decoded.events, 1U);
        QVERIFY(decoder.state().isComplete);
    }
}

void WholeDecoderTest::givesNothingBeforeTheEnd()
{
    WholeDecoder decoder(chat(), roomy);
    ModelEvents events;
    QVERIFY(decoder.feed(answer, events));
    QVERIFY(events.empty());
    QVERIFY(!decoder.state().isComplete);
}

void WholeDecoderTest::readsTheUsage()
{
    WholeDecoder decoder(chat(), roomy);
    QVERIFY(decode(decoder, {answer}).outcome);
    QCOMPARE(decoder.state().reported, std::optional(Usage{100, 50, 40, 0, 30, 7, 9, 0}));
    QVERIFY(!decoder.state().hasBadUsage);
}

void WholeDecoderTest::readsTheUsageOfEmbeddings()
{
    WholeDecoder decoder(parsed(R"({"model":"m","input":"a"})", openai::Operation::Embedding),
                         roomy);
    const QByteArray body = R"({"object":"list","data":[{"embedding":[0.1,-2e-3]}],)"
                            R"("usage":{"prompt_tokens":8,"total_tokens":8}})";
    QCOMPARE(decode(decoder, {body}).bytes, body);
    QCOMPARE(decoder.state().reported, std::optional(Usage{.inputTokens = 8}));
    QCOMPARE(decoder.state().producedTokens, 0);
}

void WholeDecoderTest::countsTheTextItself()
{
    WholeDecoder decoder(chat(), roomy);
    QVERIFY(decode(decoder, {R"({"choices":[{"message":{"content":"hello there"}}]})"}).outcome);
    QVERIFY(decoder.state().producedTokens > 0);
    QVERIFY(!decoder.state().reported);
    QVERIFY(!decoder.state().hasBadUsage);
}

void WholeDecoderTest::saysWhetherTheUsageIsPossible_data()
{
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<bool>("isBad");
    QTest::newRow("possible") << R"({"prompt_tokens":1,"completion_tokens":2})"_ba << false;
    QTest::newRow("null") << "null"_ba << false;
    QTest::newRow("negative") << R"({"prompt_tokens":-1,"completion_tokens":2})"_ba << true;
    QTest::newRow("fraction") << R"({"prompt_tokens":1,"completion_tokens":2.5})"_ba << true;
    QTest::newRow("text") << R"({"prompt_tokens":"1","completion_tokens":2})"_ba << true;
    QTest::newRow("without totals") << R"({"cost":1})"_ba << true;
    QTest::newRow("number") << "12"_ba << true;
}

void WholeDecoderTest::saysWhetherTheUsageIsPossible()
{
    QFETCH(const QByteArray, usage);
    QFETCH(const bool, isBad);
    WholeDecoder decoder(chat(), roomy);
    const QByteArray body = R"({"choices":[{"message":{"content":"a"}}],"usage":)" + usage + '}';
    QCOMPARE(decode(decoder, {body}).bytes, body);
    QCOMPARE(decoder.state().hasBadUsage, isBad);
    QVERIFY(!decoder.state().reported || !isBad);
}

void WholeDecoderTest::failsAtAnErrorInsideASuccess_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("object") << R"({"error":{"message":"Overloaded","code":503}})"_ba;
    QTest::newRow("text") << R"({"error":"Overloaded"})"_ba;
    QTest::newRow("object error") << R"({"object":"error","message":"Overloaded"})"_ba;
    QTest::newRow("beside choices") << R"({"choices":[],"error":{"message":"Overloaded"}})"_ba;
}

void WholeDecoderTest::failsAtAnErrorInsideASuccess()
{
    QFETCH(const QByteArray, body);
    for (const QByteArray &more : {""_ba, R"(,"stream":true)"_ba}) {
        WholeDecoder decoder(chat(more), roomy);
        const Decoded decoded = decode(decoder, {body});
        QVERIFY(!decoded.outcome);
        QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamFailed);
        QCOMPARE(decoded.outcome.error().message, u"Overloaded"_s);
        QCOMPARE(decoded.events, 0U);
        QVERIFY(!decoder.state().isComplete);
    }
}

void WholeDecoderTest::refusesWhatIsNoAnswer_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("HTML") << "<!DOCTYPE html><html><body>It works!</body></html>"_ba;
    QTest::newRow("text") << "OK"_ba;
    QTest::newRow("array") << "[]"_ba;
    QTest::newRow("null") << "null"_ba;
    QTest::newRow("cut short") << answer.chopped(1);
    QTest::newRow("two answers") << answer + answer;
    QTest::newRow("a stream") << "data: {}\n\n"_ba;
}

void WholeDecoderTest::refusesWhatIsNoAnswer()
{
    QFETCH(const QByteArray, body);
    WholeDecoder decoder(chat(), roomy);
    const Decoded decoded = decode(decoder, {body});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamInvalid);
    QCOMPARE(decoded.outcome.error().status(), 502);
    QCOMPARE(decoded.events, 0U);
}

void WholeDecoderTest::refusesAnAnswerThatShouldHaveStreamed()
{
    WholeDecoder decoder(chat(R"(,"stream":true)"), roomy);
    const Decoded decoded = decode(decoder, {answer});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamInvalid);
    QCOMPARE(decoded.events, 0U);
}

void WholeDecoderTest::keepsToTheLimitExactly()
{
    WholeDecoder exact(chat(), answer.size());
    QVERIFY(decode(exact, {answer.first(10), answer.sliced(10)}).outcome);
    WholeDecoder tooSmall(chat(), answer.size() - 1);
    const Decoded decoded = decode(tooSmall, {answer.first(10), answer.sliced(10)});
    QVERIFY(!decoded.outcome);
    QCOMPARE(decoded.outcome.error().kind, ErrorKind::UpstreamInvalid);
    QVERIFY(decoded.outcome.error().message.contains(QString::number(answer.size() - 1)));
}

QTEST_APPLESS_MAIN(WholeDecoderTest)
#include "tst_whole_decoder.moc"
