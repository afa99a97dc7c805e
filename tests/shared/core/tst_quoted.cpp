#include "shared/core/quoted.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class QuotedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesTextsFitForMessages_data();
    void makesTextsFitForMessages();
    void cutsNoPairInTwo();
    void findsWhatHasNoPlaceInAName_data();
    void findsWhatHasNoPlaceInAName();
};

void QuotedTest::makesTextsFitForMessages_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"gpt-4o"_s << u"'gpt-4o'"_s;
    QTest::newRow("empty") << QString() << u"''"_s;
    QTest::newRow("line break") << u"a\r\nb"_s << u"'a��b'"_s;
    QTest::newRow("terminal escape") << u"\x1b[2J"_s << u"'�[2J'"_s;
    QTest::newRow("a hundred") << QString(100, u'x') << u'\'' + QString(100, u'x') + u'\'';
    QTest::newRow("more") << QString(101, u'x') << u'\'' + QString(100, u'x') + u"…'"_s;
}

void QuotedTest::makesTextsFitForMessages()
{
    QFETCH(QString, text);
    QTEST(quoted(text), "shown");
}

void QuotedTest::cutsNoPairInTwo()
{
    const QString text = quoted(QString(99, u'x') + u"😀😀"_s);
    QVERIFY(text.isValidUtf16());
    QCOMPARE(text, u'\'' + QString(99, u'x') + u"…'"_s);
}

void QuotedTest::findsWhatHasNoPlaceInAName_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isUnfit");
    QTest::newRow("plain") << u"Ann's key (北京) 😀"_s << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("null byte") << QString(QChar(0)) << true;
    QTest::newRow("tab") << u"a\tb"_s << true;
    QTest::newRow("delete") << QString(QChar(0x7f)) << true;
    QTest::newRow("C1 control") << QString(QChar(0x85)) << true;
    QTest::newRow("line separator") << QString(QChar(0x2028)) << true;
    QTest::newRow("half a pair") << QString(QChar(0xd83d)) << true;
}

void QuotedTest::findsWhatHasNoPlaceInAName()
{
    QFETCH(QString, text);
    QTEST(hasUnprintable(text), "isUnfit");
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::QuotedTest)
#include "tst_quoted.moc"
