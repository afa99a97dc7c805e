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
    void understandsTheUsageOfEveryProvider_data();
    void understandsTheUsageOfEveryProvider();
    void noticesATierWithPricesOfItsOwn_data();
    void noticesATierWithPricesOfItsOwn();
    void survivesWhatOnlyBeginsLikeNull_data();
    void survivesWhatOnlyBeginsLikeNull();
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

void AnswerTest::understandsTheUsageOfEveryProvider_data()
{
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<Usage>("expected");
    QTest::newRow("cache writes of OpenAI")
        << R"({"prompt_tokens":9657,"completion_tokens":66,"total_tokens":9723,
               "prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":9654}})"_ba
        << Usage{.inputTokens = 9657, .outputTokens = 66, .cacheWriteTokens = 9654};
    QTest::newRow("reasoning beside the completion, as xAI says it")
        << R"({"prompt_tokens":10120,"completion_tokens":1499,"total_tokens":14428,
               "completion_tokens_details":{"reasoning_tokens":2809}})"_ba
        << Usage{.inputTokens = 10120, .outputTokens = 4308, .reasoningTokens = 2809};
    QTest::newRow("thoughts only in the total, as Google says it")
        << R"({"prompt_tokens":20,"completion_tokens":198,"total_tokens":623})"_ba
        << Usage{.inputTokens = 20, .outputTokens = 603};
    QTest::newRow("more reasoning than completion and no total")
        << R"({"prompt_tokens":5,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":40}})"_ba
        << Usage{.inputTokens = 5, .outputTokens = 43, .reasoningTokens = 40};
    QTest::newRow("cached audio")
        << R"({"prompt_tokens":100,"completion_tokens":1,"total_tokens":101,
               "prompt_tokens_details":{"cached_tokens":60,"audio_tokens":100}})"_ba
        << Usage{.inputTokens = 100,
                 .outputTokens = 1,
                 .cacheReadTokens = 60,
                 .audioInputTokens = 40};
    QTest::newRow("an embedding") << R"({"prompt_tokens":8,"total_tokens":8})"_ba
                                  << Usage{.inputTokens = 8};
}

void AnswerTest::understandsTheUsageOfEveryProvider()
{
    QFETCH(QByteArray, usage);
    QFETCH(Usage, expected);
    const auto facts = readAnswer(R"({"choices":[],"usage":)"_ba + usage + '}', ignore);
    QVERIFY(facts && facts->usage);
    QCOMPARE(*facts->usage, expected);
}

void AnswerTest::noticesATierWithPricesOfItsOwn_data()
{
    QTest::addColumn<QByteArray>("tier");
    QTest::addColumn<bool>("hasOwnTier");
    QTest::newRow("none") << "null"_ba << false;
    QTest::newRow("default") << "\"default\" "_ba << false;
    QTest::newRow("auto") << "\"auto\""_ba << false;
    QTest::newRow("priority") << "\"priority\""_ba << true;
    QTest::newRow("flex") << "\"flex\""_ba << true;
}

void AnswerTest::noticesATierWithPricesOfItsOwn()
{
    QFETCH(QByteArray, tier);
    const auto facts = readAnswer(R"({"choices":[],"service_tier":)"_ba + tier + '}', ignore);
    QVERIFY(facts);
    QTEST(facts->hasOwnTier, "hasOwnTier");
}

// The values begin like null and are nothing: a parser that takes them for null by force throws.
void AnswerTest::survivesWhatOnlyBeginsLikeNull_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("error") << R"({"error":nope})"_ba;
    QTest::newRow("choices") << R"({"choices":nope})"_ba;
    QTest::newRow("finish_reason") << R"({"choices":[{"finish_reason":nil}]})"_ba;
    QTest::newRow("usage") << R"({"usage":nuts})"_ba;
    QTest::newRow("cut off") << R"({"error":n)"_ba;
}

void AnswerTest::survivesWhatOnlyBeginsLikeNull()
{
    QFETCH(QByteArray, json);
    const auto facts = readAnswer(json, ignore);
    QVERIFY(!facts || !facts->usage);
    QVERIFY(facts || facts.error().kind == ErrorKind::UpstreamInvalid);
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
