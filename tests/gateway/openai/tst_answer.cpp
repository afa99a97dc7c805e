#include "gateway/openai/answer.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using openai::readAnswer;

class AnswerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsUsageWithItsParts();
    void refusesImpossibleUsage_data();
    void refusesImpossibleUsage();
    void findsTheUsageMemberToCut_data();
    void findsTheUsageMemberToCut();
    void visitsEveryTextThatWasProduced();
    void namesFinishedChoices();
    void seesAnErrorInsideAnAnswer();
    void refusesWhatIsNoObject();
};

namespace {

void ignore(QByteArrayView)
{
}

} // namespace

void AnswerTest::readsUsageWithItsParts()
{
    const auto facts = readAnswer(
        R"({"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
            "prompt_tokens_details":{"cached_tokens":40,"audio_tokens":null},
            "completion_tokens_details":{"reasoning_tokens":30,"audio_tokens":5}},"choices":[{}]})",
        ignore);
    QVERIFY(facts && facts->usage);
    QCOMPARE(facts->usage->inputTokens, 100);
    QCOMPARE(facts->usage->outputTokens, 50);
    QCOMPARE(facts->usage->cacheReadTokens, 40);
    QCOMPARE(facts->usage->reasoningTokens, 30);
    QCOMPARE(facts->usage->audioOutputTokens, 5);
    QVERIFY(!facts->hasBadUsage);
}

void AnswerTest::refusesImpossibleUsage_data()
{
    QTest::addColumn<QByteArray>("usage");
    QTest::newRow("negative") << R"({"prompt_tokens":-1,"completion_tokens":1})"_ba;
    QTest::newRow("fraction") << R"({"prompt_tokens":1.5,"completion_tokens":1})"_ba;
    QTest::newRow("text") << R"({"prompt_tokens":"10","completion_tokens":1})"_ba;
    QTest::newRow("absurd") << R"({"prompt_tokens":1000000000000000000,"completion_tokens":1})"_ba;
    QTest::newRow("beyond 64 bits")
        << R"({"prompt_tokens":10,"completion_tokens":99999999999999999999})"_ba;
    QTest::newRow("empty") << "{}"_ba;
    QTest::newRow("bad part")
        << R"({"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":-5}})"_ba;
    QTest::newRow("a string") << R"("many")"_ba;
}

void AnswerTest::refusesImpossibleUsage()
{
    QFETCH(QByteArray, usage);
    const auto facts = readAnswer(R"({"choices":[],"usage":)"_ba + usage + '}', ignore);
    QVERIFY(facts);
    QVERIFY(!facts->usage);
    QVERIFY(facts->hasBadUsage);
}

void AnswerTest::findsTheUsageMemberToCut_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("rest");
    QTest::newRow("last") << R"({"id":"a","usage":null})"_ba << R"({"id":"a"})"_ba;
    QTest::newRow("first") << R"({"usage":null,"id":"a"})"_ba << R"({"id":"a"})"_ba;
    QTest::newRow("middle") << R"({"id":"a", "usage" : null , "x":1})"_ba
                            << R"({"id":"a", "x":1})"_ba;
    QTest::newRow("object") << R"({"id":"a","usage":{"prompt_tokens":1,"d":{"x":"}"}},"x":1})"_ba
                            << R"({"id":"a","x":1})"_ba;
    QTest::newRow("text that looks like it") << R"({"id":"\"usage\":null","usage":null})"_ba
                                             << R"({"id":"\"usage\":null"})"_ba;
}

void AnswerTest::findsTheUsageMemberToCut()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, rest);
    const auto facts = readAnswer(json, ignore);
    QVERIFY(facts && facts->usageMember);
    QByteArray cut = json;
    cut.remove(facts->usageMember->begin, facts->usageMember->end - facts->usageMember->begin);
    QCOMPARE(cut, rest);
}

void AnswerTest::visitsEveryTextThatWasProduced()
{
    QByteArray heard;
    const auto facts = readAnswer(
        R"({"choices":[{"delta":{"role":"assistant","content":"a","reasoning_content":"b"}},{"text":"c"},
            {"message":{"content":null,"refusal":"d","tool_calls":[{"id":"t","function":{"name":"e","arguments":"f"}}]}}]})",
        [&heard](QByteArrayView text) { heard += text; });
    QVERIFY(facts);
    QCOMPARE(heard, "abcdef");
}

void AnswerTest::namesFinishedChoices()
{
    const auto facts = readAnswer(
        R"({"choices":[{"finish_reason":"stop"},{"finish_reason":null},{"index":2},{"finish_reason":"length","index":7}]})",
        ignore);
    QVERIFY(facts);
    QCOMPARE(facts->finishedChoices, (std::vector<qint64>{0, 7}));
    QVERIFY(facts->hasChoices);
}

void AnswerTest::seesAnErrorInsideAnAnswer()
{
    QVERIFY(readAnswer(R"({"error":{"message":"no"}})", ignore)->hasError);
    QVERIFY(!readAnswer(R"({"error":null,"choices":[]})", ignore)->hasError);
}

void AnswerTest::refusesWhatIsNoObject()
{
    for (const QByteArray &text : {"<html>"_ba, ""_ba, "[]"_ba, "{\"a\":"_ba, "{} {}"_ba}) {
        const auto facts = readAnswer(text, ignore);
        QVERIFY2(!facts, text.constData());
        QCOMPARE(facts.error().kind, ErrorKind::UpstreamInvalid);
    }
}

QTEST_APPLESS_MAIN(AnswerTest)
#include "tst_answer.moc"
