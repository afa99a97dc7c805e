#include "gateway/content/content_writer.h"
#include "gateway/content/stream_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <atomic>

using namespace delta::content;
using namespace Qt::StringLiterals;

namespace {

QByteArray eventOf(const QByteArray &data)
{
    return "data: " + data + "\n\n";
}

QByteArray deltaEvent(const QByteArray &content)
{
    return eventOf(
        "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":"
        + content + ",\"finish_reason\":null}]}");
}

QJsonObject whole(const QByteArray &events)
{
    return QJsonDocument::fromJson(wholeAnswer(events).value()).object();
}

} // namespace

/// How the events of a stream become one answer again.
class StreamTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsTheTextsOfAChat()
    {
        const QJsonObject answer = whole(
            deltaEvent(R"({"role":"assistant","content":""})") + ": a comment\n\n"
            + deltaEvent(R"({"content":"Hel"})") + deltaEvent(R"({"content":"lo"})")
            + eventOf(
                R"({"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop","logprobs":{"content":[]}}]})")
            + eventOf(R"({"id":"c1","choices":[],"usage":{"total_tokens":7}})")
            + eventOf("[DONE]"));
        const QByteArray expected =
            R"({"choices":[{"finish_reason":"stop","index":0,"message":{"content":"Hello","role":"assistant"}}],"id":"c1","object":"chat.completion","usage":{"total_tokens":7}})";
        QCOMPARE(QJsonDocument(answer).toJson(QJsonDocument::Compact), expected);
    }

    void joinsCallsOfToolsByTheirIndex()
    {
        const QJsonObject answer = whole(
            deltaEvent(
                R"({"tool_calls":[{"index":0,"id":"t0","type":"function","function":{"name":"f","arguments":""}}]})")
            + deltaEvent("{\"tool_calls\":[{\"index\":1,\"id\":\"t1\",\"function\":{\"name\":\"g\","
                         "\"arguments\":\"{}\"}}]}")
            + deltaEvent(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}")
            + deltaEvent("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}"));
        const QJsonArray calls = answer["choices"_L1][0]["message"_L1]["tool_calls"_L1].toArray();
        QCOMPARE(calls.size(), 2);
        QCOMPARE(calls[0]["id"_L1].toString(), u"t0"_s);
        QCOMPARE(calls[0]["function"_L1]["arguments"_L1].toString(), uR"({"a":1})"_s);
        QCOMPARE(calls[1]["function"_L1]["name"_L1].toString(), u"g"_s);
    }

    void keepsSeveralAnswersApart()
    {
        const QJsonObject answer = whole(
            eventOf(R"({"choices":[{"index":1,"text":"b"},{"index":0,"text":"a"}]})")
            + eventOf(R"({"choices":[{"index":1,"text":"B"}]})"));
        QCOMPARE(answer["choices"_L1][0]["text"_L1].toString(), u"a"_s);
        QCOMPARE(answer["choices"_L1][1]["text"_L1].toString(), u"bB"_s);
    }

    void isNothingWithoutEvents()
    {
        QCOMPARE(wholeAnswer({}).value(), QByteArray());
        QCOMPARE(wholeAnswer("data: [DONE]\n\n").value(), QByteArray());
    }

    void refusesEventsThatAreNoJson()
    {
        QVERIFY(!wholeAnswer(eventOf("{broken")));
        QVERIFY(!wholeAnswer(eventOf("[1]")));
    }

    void redactsWhatIsSplitOverEvents()
    {
        std::atomic<qint64> held = 0;
        ContentDraft draft("{}", {}, held);
        for (const QByteArray piece : {"my key is s", "k-abcdef", "ghijkl0123 an", "d my mail ann",
                                       "@mail.exam", "ple.com"}) {
            draft.addEvents(deltaEvent("{\"content\":\"" + piece + "\"}"));
        }
        const StoredContent content = redacted(draft).value();
        QVERIFY2(
            content.answer.contains("my key is [REDACTED:api_key] and my mail [REDACTED:email]"),
            content.answer.constData());
    }
};

QTEST_APPLESS_MAIN(StreamTextTest)
#include "tst_stream_text.moc"
