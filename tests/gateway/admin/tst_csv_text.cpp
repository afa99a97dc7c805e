// labels: unit hostile
#include "gateway/admin/contract/csv_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta::admin;

namespace {

/// Reads JSON, so that numbers are as they come from a report.
QJsonValue value(const QByteArray &json)
{
    return QJsonDocument::fromJson('[' + json + ']').array().first();
}

} // namespace

class CsvTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAValueAsACell_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("cell");
        const auto row = [](const char *json, const char *cell) {
            QTest::newRow(json) << QByteArray(json) << QByteArray(cell);
        };
        row("null", "");
        row("true", "true");
        row("false", "false");
        row("0", "0");
        row("-7", "-7");
        row("9007199254740991", "9007199254740991");
        row("0.1", "0.1");
        row("0.000000001", "0.000000001");
        row("0.00004", "0.00004");
        row("1e20", "100000000000000000000");
        row("1e-30", "0");
        row("\"\"", "");
        row("\"Research\"", "Research");
        row("\"K\xc3\xbc\x63he\"", "K\xc3\xbc\x63he");
        row("[\"a\",\"b\"]", "\"[\"\"a\"\",\"\"b\"\"]\"");
        row("[]", "[]");
        row("{\"a\":1}", "\"{\"\"a\"\":1}\"");
    }
    void writesAValueAsACell()
    {
        QFETCH(const QByteArray, json);
        QFETCH(const QByteArray, cell);
        QCOMPARE(csvCell(value(json)), cell);
    }

    void quotesWhatWouldEndACell_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("cell");
        QTest::newRow("comma") << u"a,b"_s << "\"a,b\""_ba;
        QTest::newRow("quotation mark") << u"a\"b"_s << "\"a\"\"b\""_ba;
        QTest::newRow("line feed") << u"a\nb"_s << "\"a\nb\""_ba;
        QTest::newRow("carriage return") << u"a\rb"_s << "\"a\rb\""_ba;
        QTest::newRow("only a quotation mark") << u"\""_s << "\"\"\"\""_ba;
        QTest::newRow("semicolon") << u"a;b"_s << "a;b"_ba;
    }
    void quotesWhatWouldEndACell()
    {
        QFETCH(const QString, text);
        QFETCH(const QByteArray, cell);
        QCOMPARE(csvCell(text), cell);
    }

    void letsNoTextBeAFormula_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("cell");
        QTest::newRow("equals") << u"=1+1"_s << "'=1+1"_ba;
        QTest::newRow("plus") << u"+1"_s << "'+1"_ba;
        QTest::newRow("minus") << u"-1"_s << "'-1"_ba;
        QTest::newRow("at") << u"@SUM(A1)"_s << "'@SUM(A1)"_ba;
        QTest::newRow("tab") << u"\t=1"_s << "'\t=1"_ba;
        QTest::newRow("carriage return") << u"\r=1"_s << "\"'\r=1\""_ba;
        QTest::newRow("line feed") << u"\n=1"_s << "\"'\n=1\""_ba;
        QTest::newRow("wide equals") << u"\uFF1D1"_s << "'\xef\xbc\x9d\x31"_ba;
        QTest::newRow("wide at") << u"\uFF20x"_s << "'\xef\xbc\xa0x"_ba;
        QTest::newRow("with a comma") << u"=HYPERLINK(\"http://x\",\"y\")"_s
                                      << "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""_ba;
        QTest::newRow("later") << u"a=1"_s << "a=1"_ba;
    }
    void letsNoTextBeAFormula()
    {
        QFETCH(const QString, text);
        QFETCH(const QByteArray, cell);
        QCOMPARE(csvCell(text), cell);
    }

    void writesALineOfTheColumnsThatAreAskedFor()
    {
        const QStringList columns{u"name"_s, u"spend"_s, u"note"_s};
        QCOMPARE(csvHead(columns), "name,spend,note\r\n"_ba);
        QCOMPARE(
            csvLine({{u"spend"_s, 1.5}, {u"name"_s, u"a,b"_s}, {u"secret"_s, u"x"_s}}, columns),
            "\"a,b\",1.5,\r\n"_ba);
        QCOMPARE(csvLine({}, columns), ",,\r\n"_ba);
    }
};

QTEST_APPLESS_MAIN(CsvTextTest)
#include "tst_csv_text.moc"
