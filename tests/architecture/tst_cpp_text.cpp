// labels: architecture
// links: delta_architecture_rules
#include "tests/architecture/cpp_text.h"

#include <QtTest>

using namespace delta::architecture;
using namespace Qt::StringLiterals;

class CppTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesCommentsAway_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::newRow("line") << u"a // b\nc"_s << u"a     \nc"_s;
        QTest::newRow("block") << u"a /* b\n */ c"_s << u"a     \n    c"_s;
        QTest::newRow("at the end") << u"a // b"_s << u"a     "_s;
        QTest::newRow("unfinished block") << u"a /* b"_s << u"a     "_s;
        QTest::newRow("within a text") << u"f(\"http://x\"); // y"_s << u"f(\"http://x\");     "_s;
        QTest::newRow("escaped quote") << u"f(\"\\\"//x\");"_s << u"f(\"\\\"//x\");"_s;
        QTest::newRow("quote in a comment") << u"// don't\nf();"_s << u"        \nf();"_s;
        QTest::newRow("character") << u"c == '\"' // x"_s << u"c == '\"'     "_s;
        QTest::newRow("digit separators") << u"1'000'000 // x"_s << u"1'000'000     "_s;
        QTest::newRow("raw text") << u"R\"(// \"x)\" // y"_s << u"R\"(// \"x)\"     "_s;
        QTest::newRow("raw text with a delimiter")
            << u"R\"a()\" //)a\" // y"_s << u"R\"a()\" //)a\"     "_s;
        QTest::newRow("division") << u"a / b * c"_s << u"a / b * c"_s;
    }

    void takesCommentsAway()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QCOMPARE(withoutComments(text), code);
    }

    void takesLiteralsAway_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("bare");
        QTest::newRow("text") << u"f(\"{a}\");"_s << u"f(\"   \");"_s;
        QTest::newRow("escaped quote") << u"f(\"\\\"{\");"_s << u"f(\"   \");"_s;
        QTest::newRow("character") << u"c == '{'"_s << u"c == ' '"_s;
        QTest::newRow("escaped apostrophe") << u"c == '\\''"_s << u"c == '  '"_s;
        QTest::newRow("digit separator") << u"8'388'608 {"_s << u"8'388'608 {"_s;
        QTest::newRow("prefixed character") << u"u'{'"_s << u"u' '"_s;
        QTest::newRow("raw text over lines") << u"R\"({\n})\""_s << u"R\"  \n  \""_s;
    }

    void takesLiteralsAway()
    {
        QFETCH(QString, code);
        QFETCH(QString, bare);
        QCOMPARE(withoutLiterals(code), bare);
    }

    void takesDirectivesAway()
    {
        QCOMPARE(withoutPreprocessor(u"a\n#define X { \\\n  {\nb\n  # if Y\nc"_s),
                 u"a\n             \n   \nb\n        \nc"_s);
    }
};

QTEST_GUILESS_MAIN(CppTextTest)
#include "tst_cpp_text.moc"
