// labels: unit hostile
#include "gateway/providers/prompt_text.h"
#include "tests/gateway/providers/provider_samples.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta::openai;
using namespace delta::providers;
using delta::providers::test::parsed;

namespace {

QByteArrayList listOf(const std::vector<QByteArray> &texts)
{
    return {texts.begin(), texts.end()};
}

} // namespace

class PromptTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheLastUserMessage_data();
    void readsTheLastUserMessage();
    void readsPromptsAndInputs_data();
    void readsPromptsAndInputs();
    void readsTheCap_data();
    void readsTheCap();
    void readsWhatAnEmbeddingIsAskedFor();
    void countsWords_data();
    void countsWords();
};

void PromptTextTest::readsTheLastUserMessage_data()
{
    QTest::addColumn<QByteArray>("messages");
    QTest::addColumn<QByteArray>("last");
    QTest::addColumn<int>("words");
    QTest::newRow("one") << R"([{"role":"user","content":"a b"}])"_ba << "a b"_ba << 2;
    QTest::newRow("several") << R"([{"role":"system","content":"be kind"},)"
                                R"({"role":"user","content":"one"},)"
                                R"({"role":"assistant","content":"two three"},)"
                                R"({"role":"user","content":"four"}])"_ba
                             << "four"_ba << 6;
    QTest::newRow("answer last") << R"([{"role":"user","content":"q"},)"
                                    R"({"role":"assistant","content":"a"}])"_ba
                                 << "q"_ba << 2;
    QTest::newRow("parts")
        << R"([{"role":"user","content":[{"type":"text","text":"a"},)"
           R"({"type":"image_url","image_url":{"url":"data:x"}},{"type":"text","text":"b"}]}])"_ba
        << "a b"_ba << 2;
    QTest::newRow("nobody asks") << R"([{"role":"system","content":"x"}])"_ba << ""_ba << 1;
    QTest::newRow("null") << R"([{"role":"user","content":null}])"_ba << ""_ba << 0;
    QTest::newRow("empty message") << "[{}]"_ba << ""_ba << 0;
    QTest::newRow("odd parts") << R"([{"role":"user","content":[1,"x",null,{"text":7},[]]}])"_ba
                               << ""_ba << 0;
    QTest::newRow("escapes") << R"([{"role":"user","content":"\u20ac\n\"x\""}])"_ba
                             << "\xe2\x82\xac\n\"x\""_ba << 2;
}

void PromptTextTest::readsTheLastUserMessage()
{
    QFETCH(const QByteArray, messages);
    QFETCH(const QByteArray, last);
    QFETCH(const int, words);
    const PromptText prompt = readPromptText(
        parsed(R"({"model":"m","messages":)" + messages + '}'));
    QCOMPARE(listOf(prompt.inputs), QByteArrayList{last});
    QCOMPARE(prompt.words, qint64(words));
    QCOMPARE(prompt.maxWords, -1);
}

void PromptTextTest::readsPromptsAndInputs_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArrayList>("inputs");
    QTest::addColumn<int>("words");
    QTest::newRow("text") << R"("a b")"_ba << QByteArrayList{"a b"} << 2;
    QTest::newRow("texts") << R"(["a","b c",""])"_ba << QByteArrayList{"a", "b c", ""} << 3;
    QTest::newRow("tokens") << "[1,2,300]"_ba << QByteArrayList{"<1> <2> <300>"} << 3;
    QTest::newRow("lists of tokens") << "[[1,2],[3]]"_ba << QByteArrayList{"<1> <2>", "<3>"} << 3;
}

void PromptTextTest::readsPromptsAndInputs()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArrayList, inputs);
    QFETCH(const int, words);
    const auto completion = parsed(R"({"model":"m","prompt":)" + value + '}',
                                   Operation::Completion);
    QCOMPARE(listOf(readPromptText(completion).inputs), inputs);
    const PromptText embedding = readPromptText(
        parsed(R"({"model":"m","input":)" + value + '}', Operation::Embedding));
    QCOMPARE(listOf(embedding.inputs), inputs);
    QCOMPARE(embedding.words, qint64(words));
}

void PromptTextTest::readsTheCap_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<qint64>("cap");
    QTest::newRow("none") << ""_ba << qint64(-1);
    QTest::newRow("old name") << R"(,"max_tokens":5)"_ba << qint64(5);
    QTest::newRow("new name") << R"(,"max_completion_tokens":6)"_ba << qint64(6);
    QTest::newRow("both") << R"(,"max_tokens":5,"max_completion_tokens":6)"_ba << qint64(6);
    QTest::newRow("new one null") << R"(,"max_completion_tokens":null,"max_tokens":5)"_ba
                                  << qint64(5);
    QTest::newRow("zero") << R"(,"max_tokens":0)"_ba << qint64(0);
    QTest::newRow("fraction") << R"(,"max_tokens":2.5)"_ba << qint64(-1);
    QTest::newRow("beyond 64 bits") << R"(,"max_tokens":99999999999999999999)"_ba << qint64(-1);
}

void PromptTextTest::readsTheCap()
{
    QFETCH(const QByteArray, more);
    QFETCH(const qint64, cap);
    QCOMPARE(readPromptText(test::chat(more)).maxWords, cap);
}

void PromptTextTest::readsWhatAnEmbeddingIsAskedFor()
{
    const PromptText plain = readPromptText(
        parsed(R"({"model":"m","input":"a"})", Operation::Embedding));
    QVERIFY(!plain.wantsBase64);
    QVERIFY(plain.dimensions <= 0);
    const PromptText special = readPromptText(
        parsed(R"({"model":"m","input":"a","encoding_format":"base64","dimensions":7})",
               Operation::Embedding));
    QVERIFY(special.wantsBase64);
    QCOMPARE(special.dimensions, 7);
}

void PromptTextTest::countsWords_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("words");
    QTest::newRow("nothing") << ""_ba << qint64(0);
    QTest::newRow("space") << " \t\r\n"_ba << qint64(0);
    QTest::newRow("one") << "a"_ba << qint64(1);
    QTest::newRow("outer space") << "  a  b\n"_ba << qint64(2);
    QTest::newRow("UTF-8") << "\xe2\x82\xac \xe5\x90\x8d\xe5\x89\x8d"_ba << qint64(2);
}

void PromptTextTest::countsWords()
{
    QFETCH(const QByteArray, text);
    QFETCH(const qint64, words);
    QCOMPARE(delta::providers::countWords(text), words);
}

QTEST_APPLESS_MAIN(PromptTextTest)
#include "tst_prompt_text.moc"
