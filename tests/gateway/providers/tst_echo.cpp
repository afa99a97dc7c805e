// labels: unit hostile
#include "gateway/net/sse_parser.h"
#include "gateway/providers/echo.h"
#include "tests/gateway/providers/provider_samples.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtEndian>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::providers;
using delta::openai::Operation;
using delta::providers::test::chat;
using delta::providers::test::parsed;

namespace {

constexpr WallTime now(std::chrono::milliseconds(1'780'000'000'999));

/// All that an answer gave, and its state at the end.
struct Spoken {
    std::vector<QByteArray> events;
    AnswerState state;
};

Spoken speak(const openai::ModelRequest &request)
{
    Spoken spoken;
    const auto answer = EchoModel().answer(request, "id-1", now);
    if (!answer) {
        qFatal("the demo model refused a request of the test");
    }
    while (auto event = (*answer)->next()) {
        spoken.events.push_back(event->bytes);
    }
    spoken.state = (*answer)->state();
    return spoken;
}

QJsonObject wholeAnswer(const openai::ModelRequest &request)
{
    const Spoken spoken = speak(request);
    return spoken.events.size() == 1 ? QJsonDocument::fromJson(spoken.events[0]).object()
                                     : QJsonObject();
}

/// Reads the chunks of a stream; the end mark becomes an object without members.
std::vector<QJsonObject> chunksOf(const Spoken &spoken)
{
    std::vector<QJsonObject> chunks;
    net::SseParser parser;
    for (const QByteArray &bytes : spoken.events) {
        const auto read = parser.feed(bytes, [&chunks](const net::SseEvent &event) -> Result<void> {
            chunks.push_back(QJsonDocument::fromJson(event.data.toByteArray()).object());
            return {};
        });
        if (!read) {
            return {};
        }
    }
    return chunks;
}

QJsonObject firstChoice(const QJsonObject &answer)
{
    return answer.value("choices"_L1).toArray().first().toObject();
}

openai::ModelRequest says(const QByteArray &text, const QByteArray &more = {})
{
    return parsed(R"({"model":"demo","messages":[{"role":"user","content":)"
                  + openai::jsonString(text) + "}]" + more + '}');
}

QJsonArray vectorOf(const openai::ModelRequest &request, qsizetype index = 0)
{
    return wholeAnswer(request)
        .value("data"_L1)
        .toArray()[index]
        .toObject()
        .value("embedding"_L1)
        .toArray();
}

openai::ModelRequest embedding(const QByteArray &input, const QByteArray &more = {})
{
    return parsed(R"({"model":"demo","input":)" + input + more + '}', Operation::Embedding);
}

} // namespace

class EchoTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void repeatsTheQuestion_data();
    void repeatsTheQuestion();
    void speaksWordByWord_data();
    void speaksWordByWord();
    void namesTheAnswer();
    void chargesOneTokenAWord();
    void stopsAtTheCap_data();
    void stopsAtTheCap();
    void givesAsManyChoicesAsAskedFor();
    void completesEveryPrompt();
    void showsTheUsageOfAStreamOnlyIfAsked();
    void reportsTheUsageOfAStreamAnyway();
    void isNotCompleteBeforeItsEndMark();
    void makesUnitVectors();
    void makesEqualVectorsForEqualTextsOnly();
    void writesVectorsAsBase64();
    void refusesWhatWouldBeTooMuch_data();
    void refusesWhatWouldBeTooMuch();
};

void EchoTest::repeatsTheQuestion_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("one word") << "Hello"_ba;
    QTest::newRow("sentence") << "Hello, gateway! How are you?"_ba;
    QTest::newRow("odd space") << "  a \t b\r\n\r\nc  \n"_ba;
    QTest::newRow("only space") << " \n "_ba;
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("quotes and controls") << QByteArray("\"\\/\b\x01\x1f {}", 10);
    QTest::newRow("UTF-8") << "\xe2\x82\xac \xf0\x9f\x98\x80"_ba;
}

void EchoTest::repeatsTheQuestion()
{
    QFETCH(const QByteArray, text);
    const QJsonObject whole = wholeAnswer(says(text));
    QCOMPARE(firstChoice(whole).value("message"_L1).toObject().value("content"_L1).toString(),
             QString::fromUtf8(text));
    QString streamed;
    for (const QJsonObject &chunk : chunksOf(speak(says(text, R"(,"stream":true)")))) {
        if (!chunk.isEmpty()) {
            streamed +=
                firstChoice(chunk).value("delta"_L1).toObject().value("content"_L1).toString();
        }
    }
    QCOMPARE(streamed, QString::fromUtf8(text));
}

void EchoTest::speaksWordByWord_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("three words") << "one two  three"_ba
                                 << QStringList{u"one"_s, u" two"_s, u"  three"_s};
    QTest::newRow("outer space") << " one two \n"_ba << QStringList{u" one"_s, u" two \n"_s};
    QTest::newRow("line breaks") << "one\r\ntwo"_ba << QStringList{u"one"_s, u"\r\ntwo"_s};
    QTest::newRow("nothing") << ""_ba << QStringList{};
}

void EchoTest::speaksWordByWord()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QStringList, words);
    const Spoken spoken = speak(says(text, R"(,"stream":true)"));
    const auto chunks = chunksOf(spoken);
    QCOMPARE(chunks.size(), static_cast<std::size_t>(words.size()) + 2); // The reason, the mark.
    QCOMPARE(chunks.size(), spoken.events.size());
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QJsonObject choice = firstChoice(chunks[static_cast<std::size_t>(i)]);
        const QJsonObject delta = choice.value("delta"_L1).toObject();
        QCOMPARE(delta.value("content"_L1).toString(), words[i]);
        QCOMPARE(delta.contains("role"_L1), i == 0);
        QVERIFY(choice.value("finish_reason"_L1).isNull());
    }
    QCOMPARE(firstChoice(chunks[chunks.size() - 2]).value("finish_reason"_L1).toString(),
             u"stop"_s);
    QCOMPARE(spoken.events.back(), "data: [DONE]\n\n");
    QCOMPARE(spoken.state.producedTokens, words.size());
    QCOMPARE(spoken.state.reported->outputTokens, words.size());
}

void EchoTest::namesTheAnswer()
{
    const QJsonObject whole = wholeAnswer(says("a"));
    QCOMPARE(whole.value("id"_L1).toString(), u"chatcmpl-id-1"_s);
    QCOMPARE(whole.value("object"_L1).toString(), u"chat.completion"_s);
    QCOMPARE(whole.value("model"_L1).toString(), u"demo"_s);
    QCOMPARE(whole.value("created"_L1).toInteger(), 1'780'000'000);
    for (const QJsonObject &chunk : chunksOf(speak(says("a b", R"(,"stream":true)")))) {
        QVERIFY(chunk.isEmpty()
                || chunk.value("object"_L1).toString() == "chat.completion.chunk"_L1);
        QVERIFY(chunk.isEmpty() || chunk.value("id"_L1).toString() == "chatcmpl-id-1"_L1);
    }
}

void EchoTest::chargesOneTokenAWord()
{
    const auto request = parsed(
        R"({"model":"demo","messages":[{"role":"system","content":"be very kind"},)"
        R"({"role":"user","content":"hello there"}]})");
    const QJsonObject usage = wholeAnswer(request).value("usage"_L1).toObject();
    QCOMPARE(usage.value("prompt_tokens"_L1).toInteger(), 5);
    QCOMPARE(usage.value("completion_tokens"_L1).toInteger(), 2);
    QCOMPARE(usage.value("total_tokens"_L1).toInteger(), 7);
    const AnswerState state = speak(request).state;
    QCOMPARE(state.reported, std::optional(Usage{.inputTokens = 5, .outputTokens = 2}));
    QVERIFY(state.isComplete);
}

void EchoTest::stopsAtTheCap_data()
{
    QTest::addColumn<int>("cap");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("none left") << 0 << u""_s << u"length"_s;
    QTest::newRow("cut") << 2 << u"one two"_s << u"length"_s;
    QTest::newRow("just enough") << 3 << u"one two three "_s << u"stop"_s;
    QTest::newRow("more than enough") << 4 << u"one two three "_s << u"stop"_s;
}

void EchoTest::stopsAtTheCap()
{
    QFETCH(const int, cap);
    QFETCH(const QString, text);
    QFETCH(const QString, reason);
    const QJsonObject choice = firstChoice(
        wholeAnswer(says("one two three ", R"(,"max_tokens":)" + QByteArray::number(cap))));
    QCOMPARE(choice.value("message"_L1).toObject().value("content"_L1).toString(), text);
    QCOMPARE(choice.value("finish_reason"_L1).toString(), reason);
}

void EchoTest::givesAsManyChoicesAsAskedFor()
{
    const QJsonArray choices = wholeAnswer(says("a b", R"(,"n":3)")).value("choices"_L1).toArray();
    QCOMPARE(choices.size(), 3);
    QCOMPARE(choices[2].toObject().value("index"_L1).toInteger(), 2);
    const Spoken streamed = speak(says("a b", R"(,"n":3,"stream":true)"));
    QCOMPARE(streamed.events.size(), 3U * 3U + 1U);
    QCOMPARE(streamed.state.reported->outputTokens, 6);
}

void EchoTest::completesEveryPrompt()
{
    const auto request = parsed(R"({"model":"demo","prompt":["one","two words"],"n":2})",
                                Operation::Completion);
    const QJsonObject answer = wholeAnswer(request);
    QStringList texts;
    for (const QJsonValue &choice : answer.value("choices"_L1).toArray()) {
        texts.append(choice.toObject().value("text"_L1).toString());
    }
    QCOMPARE(texts, (QStringList{u"one"_s, u"one"_s, u"two words"_s, u"two words"_s}));
    QCOMPARE(answer.value("object"_L1).toString(), u"text_completion"_s);
    QCOMPARE(answer.value("id"_L1).toString(), u"cmpl-id-1"_s);
    const auto chunks = chunksOf(
        speak(parsed(R"({"model":"demo","prompt":"one","stream":true})", Operation::Completion)));
    QCOMPARE(firstChoice(chunks[0]).value("text"_L1).toString(), u"one"_s);
    QCOMPARE(firstChoice(chunks[1]).value("finish_reason"_L1).toString(), u"stop"_s);
}

void EchoTest::showsTheUsageOfAStreamOnlyIfAsked()
{
    const auto asked = chunksOf(
        speak(says("a b", R"(,"stream":true,"stream_options":{"include_usage":true})")));
    QCOMPARE(asked.size(), 5U);
    QVERIFY(asked[3].value("choices"_L1).toArray().isEmpty());
    QCOMPARE(asked[3].value("usage"_L1).toObject().value("total_tokens"_L1).toInteger(), 4);
    for (const QJsonObject &chunk : chunksOf(speak(says("a b", R"(,"stream":true)")))) {
        QVERIFY(!chunk.contains("usage"_L1));
    }
}

void EchoTest::reportsTheUsageOfAStreamAnyway()
{
    const Spoken spoken = speak(says("a b c", R"(,"stream":true)"));
    QCOMPARE(spoken.state.reported, std::optional(Usage{.inputTokens = 3, .outputTokens = 3}));
    QVERIFY(spoken.state.isComplete);
}

void EchoTest::isNotCompleteBeforeItsEndMark()
{
    const auto answer = EchoModel().answer(says("a b", R"(,"stream":true)"), "id", now);
    QVERIFY(answer);
    for (int step = 1; step <= 3; ++step) {
        QVERIFY((*answer)->next());
        QVERIFY(!(*answer)->state().isComplete);
        QVERIFY(!(*answer)->state().reported); // A client that leaves pays for what was said.
        QCOMPARE((*answer)->state().producedTokens, std::min(step, 2));
    }
    QVERIFY((*answer)->next());
    QVERIFY((*answer)->state().isComplete);
    QVERIFY(!(*answer)->next());
    QVERIFY(!(*answer)->next());
}

void EchoTest::makesUnitVectors()
{
    for (const QByteArray &more : {""_ba, R"(,"dimensions":1)"_ba, R"(,"dimensions":300)"_ba}) {
        double squares = 0;
        const QJsonArray vector = vectorOf(embedding(R"("some text")", more));
        for (const QJsonValue &number : vector) {
            squares += number.toDouble() * number.toDouble();
        }
        QVERIFY(std::abs(squares - 1) < 1e-4);
        QCOMPARE(vector.size(), more.isEmpty() ? 16 : more.contains("300") ? 300 : 1);
    }
}

void EchoTest::makesEqualVectorsForEqualTextsOnly()
{
    const auto request = embedding(R"(["a","b","a",""])");
    const QJsonArray a = vectorOf(request, 0);
    QCOMPARE(vectorOf(request, 2), a);
    QCOMPARE(vectorOf(embedding(R"("a")")), a);
    QVERIFY(vectorOf(request, 1) != a);
    QVERIFY(vectorOf(request, 3) != a);
    const QJsonObject answer = wholeAnswer(request);
    QCOMPARE(answer.value("usage"_L1).toObject().value("prompt_tokens"_L1).toInteger(), 3);
    QCOMPARE(answer.value("data"_L1).toArray()[3].toObject().value("index"_L1).toInteger(), 3);
}

void EchoTest::writesVectorsAsBase64()
{
    const QJsonArray numbers = vectorOf(embedding(R"("a")"));
    const QByteArray bytes = QByteArray::fromBase64(
        wholeAnswer(embedding(R"("a")", R"(,"encoding_format":"base64")"))
            .value("data"_L1)
            .toArray()[0]
            .toObject()
            .value("embedding"_L1)
            .toString()
            .toLatin1());
    QCOMPARE(bytes.size(), numbers.size() * 4);
    for (qsizetype i = 0; i < numbers.size(); ++i) {
        const auto number = qFromLittleEndian<float>(bytes.constData() + 4 * i);
        QVERIFY(std::abs(static_cast<double>(number) - numbers[i].toDouble()) < 1e-6);
    }
}

void EchoTest::refusesWhatWouldBeTooMuch_data()
{
    QTest::addColumn<int>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("field"); // Empty: it is not too much.
    const auto add = [](const char *name, Operation operation, const QByteArray &rest,
                        const QString &field) {
        QTest::newRow(name) << static_cast<int>(operation) << R"({"model":"m",)" + rest << field;
    };
    using enum Operation;
    const QByteArray megabyte(1024 * 1024, 'x');
    const QByteArray message = R"("messages":[{"role":"user","content":")";
    const QByteArray many = R"("a",)"_ba.repeated(128);
    add("as many choices as it gives", ChatCompletion, message + R"("}],"n":128})", {});
    add("more choices", ChatCompletion, message + R"("}],"n":129})", u"n"_s);
    add("absurdly many", ChatCompletion, message + R"("}],"n":9223372036854775807})", u"n"_s);
    add("much text", ChatCompletion, message + megabyte + R"("}],"n":16})", {});
    add("too much text", ChatCompletion, message + megabyte + R"("}],"n":17})", u"n"_s);
    add("as many prompts", Completion, R"("prompt":[)" + many.chopped(1) + "]}", {});
    add("more prompts", Completion, R"("prompt":[)" + many + R"("a"]})", u"prompt"_s);
    add("prompts times choices", Completion, R"("prompt":["a","b"],"n":65})", u"n"_s);
    add("as many numbers", Embedding, R"("input":"a","dimensions":262144})", {});
    add("more numbers", Embedding, R"("input":"a","dimensions":262145})", u"dimensions"_s);
    add("absurd numbers", Embedding, R"("input":["a","b"],"dimensions":9223372036854775807})",
        u"dimensions"_s);
    add("many inputs", Embedding, R"("input":[)" + R"("a",)"_ba.repeated(262144 / 16) + R"("a"]})",
        u"input"_s);
}

void EchoTest::refusesWhatWouldBeTooMuch()
{
    QFETCH(const int, operation);
    QFETCH(const QByteArray, body);
    QFETCH(const QString, field);
    const auto request = parsed(body, static_cast<Operation>(operation));
    const auto answer = EchoModel().answer(request, "id", now);
    QCOMPARE(answer.has_value(), field.isEmpty());
    if (!answer) {
        QCOMPARE(answer.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(answer.error().param, field);
    }
}

QTEST_APPLESS_MAIN(EchoTest)
#include "tst_echo.moc"
