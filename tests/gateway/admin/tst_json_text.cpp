#include "gateway/admin/json_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin;

class JsonTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesCommasWhereJsonWantsThem()
    {
        JsonText json;
        json.begin('{');
        json.name("empty"_L1);
        json.begin('[');
        json.end(']');
        json.name("list"_L1);
        json.begin('[');
        for (qint64 number : {1, 2}) {
            json.begin('{');
            json.member("number"_L1, number);
            json.member("text"_L1, QJsonValue(u"[:{"_s));
            json.end('}');
        }
        json.end(']');
        json.member("last"_L1, qint64(-3));
        json.end('}');
        QCOMPARE(json.take(),
                 "{\"empty\":[],\"list\":[{\"number\":1,\"text\":\"[:{\"},"
                 "{\"number\":2,\"text\":\"[:{\"}],\"last\":-3}");
        QCOMPARE(json.take(), "");
    }

    void writesNumbersExactly_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<int>("decimals");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("whole") << qint64(3'000'000'000) << 9 << "3"_ba;
        QTest::newRow("zero") << qint64(0) << 9 << "0"_ba;
        QTest::newRow("least") << qint64(1) << 9 << "0.000000001"_ba;
        QTest::newRow("below zero") << qint64(-1'500) << 3 << "-1.5"_ba;
        QTest::newRow("largest") << std::numeric_limits<qint64>::max() << 9
                                 << "9223372036.854775807"_ba;
        QTest::newRow("lowest") << std::numeric_limits<qint64>::min() << 9
                                << "-9223372036.854775808"_ba;
    }
    void writesNumbersExactly()
    {
        QFETCH(const qint64, value);
        QFETCH(const int, decimals);
        QFETCH(const QByteArray, text);
        JsonText json;
        json.begin('{');
        json.member("x"_L1, value, decimals);
        json.end('}');
        QCOMPARE(json.take(), "{\"x\":" + text + "}");
    }

    void writesOtherValuesAsQtDoes()
    {
        const QJsonObject object{{"null"_L1, QJsonValue(QJsonValue::Null)},
                                 {"text"_L1, u"\"quoted\" and\nbroken"_s},
                                 {"list"_L1, QJsonArray{1, true}}};
        JsonText json;
        json.begin('{');
        for (const QString &name : object.keys()) {
            json.member(QLatin1StringView(name.toLatin1()), object.value(name));
        }
        json.member("ready"_L1, jsonOf(u"made before"_s));
        json.end('}');
        QJsonObject expected = object;
        expected.insert("ready"_L1, u"made before"_s);
        QCOMPARE(QJsonDocument::fromJson(json.take()).object(), expected);
    }
};

QTEST_GUILESS_MAIN(JsonTextTest)
#include "tst_json_text.moc"
