// labels: hostile
#include "gateway/auth/jwt/base64_url.h"
#include "gateway/auth/jwt/strict_json.h"

#include <QJsonArray>
#include <QtTest>

using namespace delta::auth;
using namespace Qt::StringLiterals;

class StrictJsonTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatAnObjectHolds()
    {
        const auto object = parseStrictObject(
            "{\"text\":\"caf\\u00e9\",\"whole\":253402300799,\"part\":1.5,\"list\":[true,null],"
            "\"in\":{\"text\":1}} ");
        QVERIFY(object);
        QCOMPARE((*object)["text"_L1].toString(), u"caf\u00e9"_s);
        QCOMPARE((*object)["whole"_L1].toInteger(), 253'402'300'799);
        QCOMPARE((*object)["part"_L1].toDouble(), 1.5);
        QCOMPARE((*object)["list"_L1].toArray().size(), 2);
        QCOMPARE((*object)["in"_L1]["text"_L1].toInteger(), 1);
    }

    void keepsAByteOrderMarkAtTheBeginOfAText()
    {
        const auto object = parseStrictObject("{\"\xEF\xBB\xBFsub\":\"\xEF\xBB\xBF"
                                              "ada\",\"sub\":\"\\ufeffada\"}");
        QVERIFY(object);
        QCOMPARE(object->size(), 2);
        QCOMPARE((*object)["sub"_L1].toString(), u"\ufeffada"_s);
        QCOMPARE((*object)[u"\ufeffsub"_s].toString(), u"\ufeffada"_s);
        QVERIFY((*object)["sub"_L1].toString() != u"ada"_s);
    }

    void refusesAllElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("blanks") << QByteArray("  ");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("text") << QByteArray("\"a\"");
        QTest::newRow("something behind") << QByteArray("{}{}");
        QTest::newRow("NUL behind") << QByteArray("{}\0", 3);
        QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF{}");
        QTest::newRow("a name twice") << QByteArray("{\"a\":1,\"a\":1}");
        QTest::newRow("a name twice, spelt otherwise") << QByteArray("{\"a\":1,\"\\u0061\":2}");
        QTest::newRow("a name twice, deeper") << QByteArray("{\"b\":[{\"a\":1,\"a\":2}]}");
        QTest::newRow("comma at the end") << QByteArray("{\"a\":1,}");
        QTest::newRow("comment") << QByteArray("{/* */}");
        QTest::newRow("single quotes") << QByteArray("{'a':1}");
        QTest::newRow("line break in a text") << QByteArray("{\"a\":\"\n\"}");
        QTest::newRow("no UTF-8") << QByteArray("{\"a\":\"\xff\"}");
        QTest::newRow("half a pair") << QByteArray("{\"a\":\"\\ud800\"}");
        QTest::newRow("leading zero") << QByteArray("{\"a\":01}");
        QTest::newRow("point without digits") << QByteArray("{\"a\":1.}");
        QTest::newRow("huge number") << QByteArray("{\"a\":1e400}");
        QTest::newRow("huge whole number") << "{\"a\":1" + QByteArray(40, '0') + '}';
        QTest::newRow("deep") << "{\"a\":" + QByteArray(40, '[') + QByteArray(40, ']') + '}';
        QTest::newRow("cut") << QByteArray("{\"a\":");
    }

    void refusesAllElse()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parseStrictObject(text));
    }

    void knowsOneTextForEachBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("empty") << QByteArray() << true;
        QTest::newRow("one byte") << QByteArray("_w") << true;
        QTest::newRow("three bytes") << QByteArray("-_-_") << true;
        QTest::newRow("padding") << QByteArray("_w==") << false;
        QTest::newRow("the other alphabet") << QByteArray("+/+/") << false;
        QTest::newRow("bits that nobody reads") << QByteArray("_x") << false;
        QTest::newRow("a lone character") << QByteArray("AAAAA") << false;
        QTest::newRow("blank") << QByteArray("AA AA") << false;
        QTest::newRow("line break") << QByteArray("AAAA\n") << false;
        QTest::newRow("NUL") << QByteArray("AAA\0", 4) << false;
    }

    void knowsOneTextForEachBytes()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isGood);
        QCOMPARE(decodeBase64Url(text).has_value(), isGood);
    }
};

QTEST_APPLESS_MAIN(StrictJsonTest)
#include "tst_strict_json.moc"
