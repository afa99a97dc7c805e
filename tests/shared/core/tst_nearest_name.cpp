#include "shared/core/nearest_name.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

class NearestNameTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatWasMeant_data();
    void findsWhatWasMeant();
    void tellsASlipFromAnotherWord_data();
    void tellsASlipFromAnotherWord();
};

void NearestNameTest::findsWhatWasMeant_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("nearest");
    QTest::newRow("swapped letters") << u"modle_name"_s << u"model_name"_s;
    QTest::newRow("missing letter") << u"model_nme"_s << u"model_name"_s;
    QTest::newRow("other case") << u"Key_Alias"_s << u"key_alias"_s;
    QTest::newRow("long word, several slips")
        << u"input_cost_pr_tokken"_s << u"input_cost_per_token"_s;
    QTest::newRow("nothing like it") << u"temperature"_s << QString();
    QTest::newRow("too short to tell") << u"x"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("hostile") << QString(1'000'000, u'm') << QString();
}

void NearestNameTest::findsWhatWasMeant()
{
    QFETCH(QString, word);
    const QStringList known{u"id"_s, u"key_alias"_s, u"model_name"_s, u"models"_s,
                            u"input_cost_per_token"_s};
    QTEST(nearestName(word, known), "nearest");
}

void NearestNameTest::tellsASlipFromAnotherWord_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isSlip");
    QTest::newRow("letter too many") << u"prioritty"_s << true;
    QTest::newRow("letter too few") << u"prioity"_s << true;
    QTest::newRow("other letter") << u"pri0rity"_s << true;
    QTest::newRow("other case") << u"Priority"_s << true;
    QTest::newRow("swapped letters") << u"proirity"_s << true;
    QTest::newRow("swapped at the end") << u"prioriyt"_s << true;
    QTest::newRow("two slips") << u"pri0ritty"_s << false;
    QTest::newRow("another word") << u"provider"_s << false;
    QTest::newRow("empty") << u""_s << false;
    QTest::newRow("hostile") << QString(1'000'000, u'p') << false;
}

void NearestNameTest::tellsASlipFromAnotherWord()
{
    QFETCH(QString, word);
    QTEST(isSlipOf(u"priority", word), "isSlip");
    QVERIFY(!isSlipOf(u"mode", u"node")); // Too short to tell.
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::NearestNameTest)
#include "tst_nearest_name.moc"
