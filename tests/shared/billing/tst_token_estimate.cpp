#include "shared/billing/token_estimate.h"
#include "tests/shared/dice.h"

#include <QTest>

namespace delta {

class TokenEstimateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesNearTheCommonVocabularies_data();
    void comesNearTheCommonVocabularies();
    void countsNothingForNothing();
    void countsEachKindOfCharacter_data();
    void countsEachKindOfCharacter();
    void countsPiecesLikeTheWhole();
    void neverFallsAsTheTextGrows();
    void cannotBeStarvedByLongRuns_data();
    void cannotBeStarvedByLongRuns();
    void takesAnyBytes();
};

/// The true counts were made with the vocabularies' own encoders. The bounds are wider than those
/// that token_estimate.h promises for a page, because a few lines say less.
void TokenEstimateTest::comesNearTheCommonVocabularies_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("o200k");
    QTest::addColumn<int>("cl100k");
    QTest::addColumn<int>("percent");
    QTest::newRow("English") << QByteArray("The water cycle describes how water moves between the "
                                           "oceans, the sky and the land. The sun heats "
                                           "the surface of the sea, and water evaporates into the "
                                           "air. As the air rises it cools, and the "
                                           "vapour condenses into tiny droplets that form clouds. "
                                           "When the droplets grow heavy enough they "
                                           "fall as rain or snow. Some of it flows back to the sea "
                                           "in rivers, some soaks into the ground, and "
                                           "some is taken up by plants.")
                             << 94 << 96 << 10;
    QTest::newRow("German") << QByteArray("Der Wasserkreislauf beschreibt, wie sich Wasser "
                                          "zwischen Meeren, Himmel und Land bewegt. Die Sonne "
                                          "erwärmt die Oberfläche des Meeres, und Wasser "
                                          "verdunstet in die Luft. Steigt die Luft auf, kühlt "
                                          "sie ab, und der Dampf wird zu winzigen Tröpfchen, die "
                                          "Wolken bilden. Werden die Tröpfchen schwer "
                                          "genug, fallen sie als Regen oder Schnee zur Erde.")
                            << 85 << 104 << 25;
    QTest::newRow("Chinese") << QByteArray(
        "水循环描述了水如何在海洋、天空和陆地之间移动。太阳加热海面，水蒸发到空气中。空气上升时会冷"
        "却，水蒸气凝结成微小的水滴，形成云。"
        "当水滴变得足够重时，它们会以雨或雪的形式落下。一部分水通过河流流回大海，一部分渗入地下，还"
        "有一部分被植物吸收。")
                             << 98 << 147 << 30;
    QTest::newRow("program") << QByteArray(
        "int main(int argc, char *argv[])\n{\n    std::vector<std::string> names;\n"
        "    for (int i = 1; i < argc; ++i) {\n        names.push_back(argv[i]);\n    }\n"
        "    std::sort(names.begin(), names.end());\n    for (const auto &name : names) {\n"
        "        std::cout << \"Hello, \" << name << \"!\\n\";\n    }\n"
        "    return names.empty() ? EXIT_FAILURE : EXIT_SUCCESS;\n}\n")
                             << 98 << 98 << 15;
    QTest::newRow("JSON") << QByteArray(
        R"({"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful assistant."},)"
        R"({"role":"user","content":"What is the weather in Lisbon?"}],"temperature":0.7,"max_tokens":256,)"
        R"("stream":true,"tools":[{"type":"function","function":{"name":"get_weather","parameters":)"
        R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]})")
                          << 91 << 88 << 15;
}

void TokenEstimateTest::comesNearTheCommonVocabularies()
{
    QFETCH(QByteArray, text);
    QFETCH(int, o200k);
    QFETCH(int, cl100k);
    QFETCH(int, percent);
    const qint64 tokens = estimateTokens(text);
    for (const int truth : {o200k, cl100k}) {
        const qint64 error = std::abs(tokens - truth);
        QVERIFY2(error * 100 <= truth * percent,
                 QByteArray::number(tokens) + " instead of " + QByteArray::number(truth));
    }
}

void TokenEstimateTest::countsNothingForNothing()
{
    QCOMPARE(estimateTokens({}), 0);
    QCOMPARE(TokenCounter().tokens(), 0);
}

void TokenEstimateTest::countsEachKindOfCharacter_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("tokens");
    QTest::newRow("letter") << QByteArray("a") << 1LL;
    QTest::newRow("word") << QByteArray("hello") << 1LL;
    QTest::newRow("long word") << QByteArray("internationalisation") << 6LL;
    QTest::newRow("camel case") << QByteArray("readWriteLock") << 3LL;
    QTest::newRow("sixteen words") << QByteArray("word ").repeated(16) << 15LL;
    QTest::newRow("digits by three") << QByteArray("123456789") << 5LL;
    QTest::newRow("sixteen ideographs") << QByteArray("水").repeated(16) << 14LL;
    QTest::newRow("emoji") << QByteArray("😀") << 2LL;
    QTest::newRow("line breaks") << QByteArray("\n\n\n\n") << 2LL;
    QTest::newRow("blank") << QByteArray(" ") << 0LL;
}

void TokenEstimateTest::countsEachKindOfCharacter()
{
    QFETCH(QByteArray, text);
    QTEST(estimateTokens(text), "tokens");
}

void TokenEstimateTest::countsPiecesLikeTheWhole()
{
    Dice dice(29);
    const QByteArray alphabet = "abcXYZ019  \n\t.,{\"ä水ж😀—ก";
    for (int i = 0; i < 2'000; ++i) {
        dice.next();
        QByteArray text;
        for (std::int64_t length = dice.between(0, 80); text.size() < length;) {
            text += alphabet.at(dice.between(0, alphabet.size() - 1));
        }
        TokenCounter counter;
        for (qsizetype at = 0; at < text.size();) {
            const qsizetype size = std::min<qsizetype>(dice.between(1, 7), text.size() - at);
            counter.feed(QByteArrayView(text).sliced(at, size));
            at += size;
        }
        QVERIFY2(counter.tokens() == estimateTokens(text), dice.where() + ": " + text);
    }
}

void TokenEstimateTest::neverFallsAsTheTextGrows()
{
    Dice dice(31);
    TokenCounter counter;
    qint64 last = 0;
    for (int i = 0; i < 100'000; ++i) {
        const char byte = static_cast<char>(dice.between(0, 255));
        counter.feed(QByteArrayView(&byte, 1));
        QVERIFY(counter.tokens() >= last);
        last = counter.tokens();
    }
}

/// A text of one kind only must still count in proportion to its length.
void TokenEstimateTest::cannotBeStarvedByLongRuns_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("letters") << QByteArray("a");
    QTest::newRow("capitals") << QByteArray("A");
    QTest::newRow("digits") << QByteArray("7");
    QTest::newRow("blanks") << QByteArray(" ");
    QTest::newRow("line breaks") << QByteArray("\n");
    QTest::newRow("signs") << QByteArray("=");
    QTest::newRow("null bytes") << QByteArray(1, '\0');
    QTest::newRow("ideographs") << QByteArray("水");
    QTest::newRow("Cyrillic") << QByteArray("ж");
}

void TokenEstimateTest::cannotBeStarvedByLongRuns()
{
    QFETCH(QByteArray, piece);
    QVERIFY(estimateTokens(piece.repeated(16'000)) >= 900);
}

void TokenEstimateTest::takesAnyBytes()
{
    QByteArray bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
    }
    QVERIFY(estimateTokens(bytes) > 0);
    QCOMPARE(estimateTokens("\x80\x80\x80"), 0);
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::TokenEstimateTest)
#include "tst_token_estimate.moc"
