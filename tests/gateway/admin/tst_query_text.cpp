#include "gateway/admin/query_text.h"

#include <QTest>

using namespace Qt::StringLiterals;

class QueryTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAValue_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("value");
        QTest::newRow("plain") << "key=abc"_ba << u"abc"_s;
        QTest::newRow("among others") << "a=1&key=abc&b=2"_ba << u"abc"_s;
        QTest::newRow("space as a form writes it") << "key=my+first+key"_ba << u"my first key"_s;
        QTest::newRow("escaped space") << "key=my%20key"_ba << u"my key"_s;
        QTest::newRow("escaped plus") << "key=a%2Bb"_ba << u"a+b"_s;
        QTest::newRow("UTF-8") << "key=%E5%90%8D%e5%89%8d"_ba << u"名前"_s;
        QTest::newRow("ampersand") << "key=a%26b%3Dc"_ba << u"a&b=c"_s;
        QTest::newRow("escaped twice") << "key=%2541"_ba << u"%41"_s;
        QTest::newRow("empty") << "key="_ba << u""_s;
        QTest::newRow("without value") << "key"_ba << u""_s;
        QTest::newRow("absent") << "other=1"_ba << u""_s;
        QTest::newRow("escaped name") << "%6Bey=abc"_ba << u"abc"_s;
    }
    void readsAValue()
    {
        QFETCH(const QByteArray, query);
        QFETCH(const QString, value);
        QCOMPARE(delta::admin::readQuery(query).queryItemValue(u"key"_s, QUrl::FullyDecoded),
                 value);
    }
};

QTEST_APPLESS_MAIN(QueryTextTest)
#include "tst_query_text.moc"
