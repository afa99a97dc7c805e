// labels: unit hostile
#include "gateway/openai/json_document.h"

#include <QTest>

#include <random>

using namespace Qt::StringLiterals;
using namespace delta;
using openai::JsonDocument;

class JsonDocumentTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWhatIsValid_data();
    void acceptsWhatIsValid();
    void refusesWhatIsNot_data();
    void refusesWhatIsNot();
    void listsTheOuterMembersWithTheirPlaces();
    void findsAMemberWhoseNameIsEscaped();
    void countsTextButNotInlineMedia();
    void findsDuplicatesAmongManyNames();
    void survivesEveryTruncation();
    void survivesRandomDamage();
};

void JsonDocumentTest::acceptsWhatIsValid_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty object") << "{}"_ba;
    QTest::newRow("white space") << " \t\r\n{ \"a\" : 1 } \n"_ba;
    QTest::newRow("numbers of any size")
        << R"({"a":18446744073709551616,"b":1e400,"c":-0,"d":0.1E+2})"_ba;
    QTest::newRow("escapes") << R"({"a":"\u0000\n\"\\\/\ud83d\ude00"})"_ba;
    QTest::newRow("lone surrogate") << R"({"a":"\ud800"})"_ba;
    QTest::newRow("unicode") << QByteArray("{\"ключ\":\"значение 😀\"}");
    QTest::newRow("64 levels") << QByteArray(R"({"a":)") + QByteArray(63, '[') + QByteArray(63, ']')
            + '}';
    QTest::newRow("same name in two objects") << R"({"a":{"x":1},"b":{"x":2}})"_ba;
}

void JsonDocumentTest::acceptsWhatIsValid()
{
    QFETCH(QByteArray, body);
    const auto document = JsonDocument::check(body);
    QVERIFY2(document.has_value(), document ? "" : qPrintable(document.error().message));
}

void JsonDocumentTest::refusesWhatIsNot_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << ""_ba << u"empty"_s;
    QTest::newRow("an array") << "[1]"_ba << u"must be a JSON object"_s;
    QTest::newRow("a string") << "\"a\""_ba << u"must be a JSON object"_s;
    QTest::newRow("truncated") << R"({"a":1)"_ba << u"at byte"_s;
    QTest::newRow("trailing comma") << R"({"a":1,})"_ba << u"at byte 6"_s;
    QTest::newRow("trailing content") << R"({"a":1}x)"_ba << u"at byte 7"_s;
    QTest::newRow("two objects") << R"({"a":1}{"b":2})"_ba << u"at byte 7"_s;
    QTest::newRow("single quotes") << "{'a':1}"_ba << u"at byte 1"_s;
    QTest::newRow("no colon") << R"({"a" 1})"_ba << u"at byte"_s;
    QTest::newRow("bad literal") << R"({"a":nul})"_ba << u"at byte"_s;
    QTest::newRow("NaN") << R"({"a":NaN})"_ba << u"at byte 5"_s;
    QTest::newRow("leading zero") << R"({"a":012})"_ba << u"at byte"_s;
    QTest::newRow("plus sign") << R"({"a":+1})"_ba << u"at byte 5"_s;
    QTest::newRow("bare dot") << R"({"a":1.})"_ba << u"at byte"_s;
    QTest::newRow("bad escape") << R"({"a":"\q"})"_ba << u"at byte"_s;
    QTest::newRow("short unicode escape") << R"({"a":"\u12"})"_ba << u"at byte"_s;
    QTest::newRow("raw newline") << QByteArray("{\"a\":\"x\ny\"}") << u"at byte"_s;
    QTest::newRow("raw NUL") << QByteArray("{\"a\":\"x\0y\"}", 11) << u"at byte"_s;
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}") << u"byte"_s;
    QTest::newRow("comment") << R"({"a":1/*x*/})"_ba << u"at byte"_s;
    QTest::newRow("overlong UTF-8") << QByteArray("{\"a\":\"\xC0\xAF\"}") << u"at byte 6"_s;
    QTest::newRow("lone continuation") << QByteArray("{\"a\":\"\x80\"}") << u"at byte 6"_s;
    QTest::newRow("UTF-8 surrogate") << QByteArray("{\"a\":\"\xED\xA0\x80\"}") << u"at byte 6"_s;
    QTest::newRow("beyond unicode") << QByteArray("{\"a\":\"\xF5\x80\x80\x80\"}") << u"at byte 6"_s;
    QTest::newRow("truncated UTF-8") << QByteArray("{\"a\":\"\xE2\x82\"}") << u"at byte 6"_s;
    QTest::newRow("65 levels") << QByteArray(R"({"a":)") + QByteArray(64, '[') + QByteArray(64, ']')
            + '}' << u"deeper than 64 levels"_s;
    QTest::newRow("duplicate") << R"({"a":1,"a":2})"_ba << u"\"a\" more than once"_s;
    QTest::newRow("duplicate by escape")
        << R"({"model":1,"mod\u0065l":2})"_ba << u"\"model\" more than once"_s;
    QTest::newRow("duplicate inside")
        << R"({"m":[{"r":{"x":1,"x":2}}]})"_ba << u"'m[0].r' holds the name \"x\""_s;
}

void JsonDocumentTest::refusesWhatIsNot()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    const auto document = JsonDocument::check(body);
    QVERIFY(!document);
    QCOMPARE(document.error().kind, ErrorKind::InvalidRequest);
    QVERIFY2(document.error().message.contains(says), qPrintable(document.error().message));
}

void JsonDocumentTest::listsTheOuterMembersWithTheirPlaces()
{
    const QByteArray body = R"({ "model" : "m" , "list":[1,"x"], "o":{"a":{}} })"_ba;
    const auto document = JsonDocument::check(body);
    QVERIFY(document);
    QCOMPARE(document->members().size(), 3U);
    QCOMPARE(document->find("model")->value.of(body), "\"m\"");
    const auto *list = document->find("list");
    QCOMPARE(list->type, openai::JsonType::Array);
    QCOMPARE(list->elementCount, 2);
    QCOMPARE(list->elementTypes, openai::JsonType::Number | openai::JsonType::String);
    QCOMPARE(JsonDocument::wholeValue(body, *document->find("o")).of(body), R"({"a":{}})");
    QCOMPARE(body[document->closingBrace()], '}');
    QVERIFY(!document->find("absent"));
}

void JsonDocumentTest::findsAMemberWhoseNameIsEscaped()
{
    const auto document = JsonDocument::check(R"({"mod\u0065l":"x"})"_ba);
    QVERIFY(document);
    QVERIFY(document->find("model"));
}

void JsonDocumentTest::countsTextButNotInlineMedia()
{
    const auto document = JsonDocument::check(
        R"({"messages":[{"content":"four"},{"content":[{"image_url":{"url":"data:image/png;base64,AAAA",)"
        R"("detail":"low"}},{"input_audio":{"data":"AAAAAA"}},{"image_url":"https://x.test/1"}]}],)"
        R"("other":"more","tools":[{"url":"data:image/png;base64,AAAA"}]})"_ba);
    QVERIFY(document);
    const auto *messages = document->find("messages");
    QCOMPARE(messages->textBytes, 7);
    QCOMPARE(messages->mediaBytes, 26 + 6);
    QCOMPARE(messages->mediaParts, 3);
    QVERIFY(messages->hasAudio);
    // What looks like media where no model sees it as such is text.
    QCOMPARE(document->find("tools")->textBytes, 26);
    QCOMPARE(document->find("tools")->mediaParts, 0);
}

void JsonDocumentTest::findsDuplicatesAmongManyNames()
{
    QByteArray body = "{\"k7\":0";
    for (int index = 0; index < 20'000; ++index) {
        body += ",\"k" + QByteArray::number(index) + "\":0";
    }
    QVERIFY(!JsonDocument::check(body + '}'));
    body.replace(0, 7, "{\"k\":0 ");
    QVERIFY(JsonDocument::check(body + '}'));
}

void JsonDocumentTest::survivesEveryTruncation()
{
    const QByteArray body = R"({"a":[{"b":"c\n\u00e9"},-1.5e+3,true,null],"d":{"e":{}}})"_ba;
    for (qsizetype size = 0; size < body.size(); ++size) {
        QVERIFY2(!JsonDocument::check(body.first(size)), body.first(size).constData());
    }
    QVERIFY(JsonDocument::check(body));
}

void JsonDocumentTest::survivesRandomDamage()
{
    const QByteArray good =
        R"({"model":"m","messages":[{"role":"user","content":"h\u00e9llo"}],"n":1,"x":{"y":[1,2]}})"_ba;
    std::mt19937 random(20261123);
    for (int round = 0; round < 20'000; ++round) {
        QByteArray body = good;
        for (int hit = 0; hit < 3; ++hit) {
            body[static_cast<qsizetype>(random() % static_cast<unsigned>(body.size()))] =
                static_cast<char>(random());
        }
        // Whatever it says, it must not crash, and what it accepts must hold what it lists.
        if (const auto document = JsonDocument::check(body)) {
            for (const auto &member : document->members()) {
                QVERIFY(member.value.begin < body.size());
            }
        }
    }
}

QTEST_APPLESS_MAIN(JsonDocumentTest)
#include "tst_json_document.moc"
