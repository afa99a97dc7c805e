#include "shared/models/tags.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

class TagsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTagsInTheOrderInWhichTheyCame()
    {
        QByteArray list;
        QVERIFY(addTag(list, "blue", u"tags"_s).has_value());
        QVERIFY(addTag(list, "a tag", u"tags"_s).has_value());
        QCOMPARE(tagsOf(list), (QByteArrayList{"blue", "a tag"}));
        QCOMPARE(tagsOf({}), QByteArrayList());
    }

    void takesATagOnceAndWithoutOuterSpace()
    {
        QByteArray list;
        QVERIFY(addTags(list, " blue , blue,green ", ',', u"x-deltallm-tags"_s).has_value());
        QCOMPARE(tagsOf(list), (QByteArrayList{"blue", "green"}));
        QVERIFY(addTags(list, "  ", ',', u"x-deltallm-tags"_s).has_value());
        QCOMPARE(tagsOf(list).size(), 2);
    }

    void refusesWhatIsNoTag_data()
    {
        QTest::addColumn<QByteArray>("tag");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("space") << QByteArray("  ");
        QTest::newRow("line break") << QByteArray("a\nb");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("escape") << QByteArray("\x1b[2J");
    }
    void refusesWhatIsNoTag()
    {
        QFETCH(const QByteArray, tag);
        QByteArray list = "kept";
        const auto added = addTag(list, tag, u"metadata.tags"_s);
        QVERIFY(!added);
        QCOMPARE(added.error().param, u"metadata.tags"_s);
        QCOMPARE(list, QByteArray("kept"));
    }

    void boundsNumberAndLength()
    {
        QByteArray many;
        for (int i = 0; i < maxTags; ++i) {
            QVERIFY(addTag(many, QByteArray::number(i), u"tags"_s).has_value());
        }
        QVERIFY(addTag(many, "3", u"tags"_s).has_value());
        QVERIFY(!addTag(many, "one more", u"tags"_s));
        QByteArray wide(maxTagBytes - 2, 'x');
        QVERIFY(addTag(wide, "y", u"tags"_s).has_value());
        QVERIFY(!addTag(wide, "z", u"tags"_s));
    }

    void makesAListOfTexts()
    {
        QCOMPARE(tagList({u"blue"_s, u"grün"_s}, u"tags"_s).value(), QByteArray("blue\ngrün"));
        QVERIFY(!tagList({u"blue"_s, u""_s}, u"tags"_s));
    }
};

QTEST_GUILESS_MAIN(TagsTest)
#include "tst_tags.moc"
