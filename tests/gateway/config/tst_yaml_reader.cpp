// labels: unit hostile
#include "gateway/config/yaml_reader.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta::config {

/// The cases that cannot be kept as text files in tests/golden/config: bytes that are no text, and
/// files too large to keep. What YAML means is tested there.
class YamlReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNoText_data();
    void refusesWhatIsNoText();
    void namesTheLineOfBrokenText();
    void acceptsAByteOrderMarkAndCarriageReturns();
    void refusesAFileThatIsTooLarge();
    void refusesDepthInEveryNotation_data();
    void refusesDepthInEveryNotation();
    void refusesAQuoteThatNeverEnds_data();
    void refusesAQuoteThatNeverEnds();
    void survivesEveryPrefixOfAFile();
    void readsAMapOfManyKeys();
    void countsAliasesAsIfWrittenOut();
    void keepsTheFirstOfTwoEqualKeys();
};

void YamlReaderTest::refusesWhatIsNoText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("NUL") << QByteArray("a: b\0c\n", 7);
    QTest::newRow("control character") << QByteArray("a: \x01\n");
    QTest::newRow("delete") << QByteArray("a: \x7f\n");
    QTest::newRow("lone continuation") << QByteArray("a: \x80\n");
    QTest::newRow("overlong slash") << QByteArray("a: \xc0\xaf\n");
    QTest::newRow("surrogate") << QByteArray("a: \xed\xa0\x80\n");
    QTest::newRow("cut sequence") << QByteArray("a: \xe2\x82");
    QTest::newRow("UTF-16") << QByteArray("\xff\xfe"
                                          "a\0:\0",
                                          6);
    QTest::newRow("executable") << QByteArray("\x7f"
                                              "ELF\x02\x01\x01\0",
                                              8);
    QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08\0\0", 5);
}

void YamlReaderTest::refusesWhatIsNoText()
{
    QFETCH(QByteArray, bytes);
    const YamlDocument document = readYaml(bytes, u"f"_s);
    QVERIFY(!document.root);
    QCOMPARE(document.problems.size(), 1U);
    QVERIFY(document.problems.front().toString().contains(u"text"_s));
}

void YamlReaderTest::namesTheLineOfBrokenText()
{
    const YamlDocument document = readYaml("a: b\nc: d\ne: \x02", u"f"_s);
    QCOMPARE(document.problems.front().place, (Place{3, 4}));
}

void YamlReaderTest::acceptsAByteOrderMarkAndCarriageReturns()
{
    const YamlDocument document = readYaml("\xef\xbb\xbf"
                                           "a: b\r\nc: \xc3\xa4\r\n",
                                           u"f"_s);
    QVERIFY(document.root);
    QVERIFY(document.problems.empty());
    QVERIFY(document.root->find(u"a"));
    QCOMPARE(document.root->find(u"c")->text, u"ä"_s);
}

void YamlReaderTest::refusesAFileThatIsTooLarge()
{
    const YamlDocument document = readYaml(QByteArray(maxFileBytes + 1, '#'), u"f"_s);
    QVERIFY(!document.root);
    QVERIFY(document.problems.front().message.contains(u"8 MiB"_s));
}

void YamlReaderTest::refusesDepthInEveryNotation_data()
{
    QTest::addColumn<QByteArray>("bytes");
    constexpr qsizetype deep = 20'000;
    QByteArray block;
    for (int i = 0; i < 300; ++i) {
        block += QByteArray(i, ' ') + "a:\n";
    }
    QTest::newRow("flow lists") << QByteArray(deep, '[');
    QTest::newRow("flow maps") << QByteArray("{a: ").repeated(deep);
    QTest::newRow("block lists") << QByteArray("- ").repeated(deep);
    QTest::newRow("block maps") << block;
}

void YamlReaderTest::refusesDepthInEveryNotation()
{
    QFETCH(QByteArray, bytes);
    const YamlDocument document = readYaml(bytes, u"f"_s);
    QVERIFY(!document.root);
    QCOMPARE(document.problems.size(), 1U);
}

void YamlReaderTest::refusesAQuoteThatNeverEnds_data()
{
    QTest::addColumn<QByteArray>("end");
    for (const QByteArray &end : {QByteArray(), QByteArray(" "), QByteArray("\n"),
                                  QByteArray("\n \t"), QByteArray("\r\n")}) {
        QTest::newRow(end.toHex().constData()) << end;
    }
}

void YamlReaderTest::refusesAQuoteThatNeverEnds()
{
    QFETCH(QByteArray, end);
    for (const QByteArray &quote : {QByteArray("'"), QByteArray("\"")}) {
        const YamlDocument document = readYaml("a: " + quote + "b\nc: d" + end, u"f"_s);
        QVERIFY(!document.root);
        QCOMPARE(document.problems.size(), 1U);
        // The same texts are read as they are where no quote is open.
        QVERIFY(readYaml("a: b\nc: d" + end, u"f"_s).problems.empty());
    }
}

void YamlReaderTest::survivesEveryPrefixOfAFile()
{
    const QByteArray whole =
        "model_list: &l\n  - {a: [1, \"two\", 'three'], b: |\n      text\n    }\n"
        "other: *l\n? key\n: {<<: {x: y}}\nlast: >-\n  folded\n";
    for (qsizetype length = 0; length <= whole.size(); ++length) {
        const YamlDocument document = readYaml(whole.first(length), u"f"_s);
        QVERIFY(document.root || !document.problems.empty());
    }
}

void YamlReaderTest::readsAMapOfManyKeys()
{
    QByteArray bytes;
    constexpr int keys = 50'000;
    for (int i = 0; i < keys; ++i) {
        bytes += 'k' + QByteArray::number(i) + ": 1\n";
    }
    const YamlDocument document = readYaml(bytes, u"f"_s);
    QVERIFY(document.root);
    QCOMPARE(document.root->entries.size(), std::size_t(keys));
}

void YamlReaderTest::countsAliasesAsIfWrittenOut()
{
    const YamlDocument document = readYaml("a: &a [1, 2, 3]\nb: [*a, *a]\n", u"f"_s);
    QVERIFY(document.root);
    // The map, the list of four, and the list that holds it twice.
    QCOMPARE(document.root->size, 1 + 4 + (1 + 4 + 4));
}

void YamlReaderTest::keepsTheFirstOfTwoEqualKeys()
{
    const YamlDocument document = readYaml("a: 1\nb: 2\na: {c: 3}\n", u"f"_s);
    QVERIFY(document.root);
    QCOMPARE(document.problems.size(), 1U);
    QCOMPARE(document.root->entries.size(), 2U);
    QCOMPARE(document.root->find(u"a")->text, u"1"_s);
}

} // namespace delta::config

QTEST_APPLESS_MAIN(delta::config::YamlReaderTest)
#include "tst_yaml_reader.moc"
