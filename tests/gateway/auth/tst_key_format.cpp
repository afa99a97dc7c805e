#include "gateway/auth/key_format.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QRegularExpression>
#include <QSet>
#include <QtTest>

using namespace delta;
using namespace delta::auth;

Q_DECLARE_METATYPE(KeyShape)

namespace {

/// Its checksum was computed by zlib.
constexpr QByteArrayView example =
    "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-0YlYYu";

} // namespace

class KeyFormatTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void issuesKeysOfTheDocumentedForm()
    {
        SystemRandom random;
        const IssuedKey key = issueKey(random);
        static const QRegularExpression form(
            QStringLiteral("^sk-dl-([0-9A-Za-z]{8})-[0-9A-Za-z]{43}-[0-9A-Za-z]{6}$"));
        const auto match = form.match(QString::fromLatin1(key.text.reveal()));
        QVERIFY(match.hasMatch());
        QCOMPARE(match.captured(1).toLatin1(), key.id);
        QVERIFY(looksLikeOurs(key.text.reveal()));
    }

    void neverIssuesTheSameKeyTwice()
    {
        SystemRandom random;
        QSet<QByteArray> secrets;
        for (int count = 0; count < 1000; ++count) {
            secrets.insert(issueKey(random).text.reveal().sliced(15, 43));
        }
        QCOMPARE(secrets.size(), 1000);
    }

    void derivesKeysFromTheInjectedRandomnessOnly()
    {
        test::CountingRandom a;
        test::CountingRandom b;
        QCOMPARE(issueKey(a).text.reveal(), issueKey(b).text.reveal());
    }

    void makesIdsForKeysThatHoldNone()
    {
        SystemRandom random;
        QCOMPARE(makeKeyId(random).size(), 8);
        QVERIFY(makeKeyId(random) != makeKeyId(random));
    }

    void judgesTextsByTheirForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<KeyShape>("shape");
        const QByteArray good = example.toByteArray();
        QTest::newRow("issued") << good << KeyShape::Issued;
        QTest::newRow("one character of the secret changed")
            << QByteArray(good).replace(20, 1, "Z") << KeyShape::Misspelt;
        QTest::newRow("two characters swapped")
            << QByteArray(good).replace(20, 2, "gf") << KeyShape::Misspelt;
        QTest::newRow("another id") << QByteArray(good).replace(6, 1, "B") << KeyShape::Misspelt;
        QTest::newRow("another checksum")
            << QByteArray(good).replace(64, 1, "0") << KeyShape::Misspelt;
        QTest::newRow("cut short") << good.chopped(1) << KeyShape::Imported;
        QTest::newRow("too long") << good + 'a' << KeyShape::Imported;
        QTest::newRow("a character outside base62")
            << QByteArray(good).replace(20, 1, "_") << KeyShape::Imported;
        QTest::newRow("a dash in the wrong place")
            << QByteArray(good).replace(13, 2, "-a") << KeyShape::Imported;
        QTest::newRow("another gateway's key")
            << QByteArray("sk-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4") << KeyShape::Imported;
        QTest::newRow("20 characters") << QByteArray("sk-12345678901234567") << KeyShape::Imported;
        QTest::newRow("19 characters") << QByteArray("sk-1234567890123456") << KeyShape::Other;
        QTest::newRow("512 characters") << "sk-" + QByteArray(509, 'x') << KeyShape::Imported;
        QTest::newRow("513 characters") << "sk-" + QByteArray(510, 'x') << KeyShape::Other;
        QTest::newRow("a space within")
            << QByteArray("sk-1234567890 1234567890") << KeyShape::Other;
        QTest::newRow("a NUL within")
            << QByteArray("sk-1234567890\0001234567890", 24) << KeyShape::Other;
        QTest::newRow("beyond ASCII") << QByteArray("sk-1234567890\xc3\xa4"
                                                    "1234567890")
                                      << KeyShape::Other;
        QTest::newRow("another prefix") << QByteArray("pk-12345678901234567890") << KeyShape::Other;
        QTest::newRow("upper-case prefix")
            << QByteArray("SK-12345678901234567890") << KeyShape::Other;
        QTest::newRow("empty") << QByteArray() << KeyShape::Other;
    }

    void judgesTextsByTheirForm()
    {
        QFETCH(QByteArray, text);
        QFETCH(KeyShape, shape);
        QCOMPARE(keyShape(text), shape);
        QCOMPARE(looksLikeOurs(text), shape == KeyShape::Issued);
    }

    void noticesEveryWrongCharacter()
    {
        const QByteArray good = example.toByteArray();
        for (qsizetype index = 6; index < good.size(); ++index) {
            QByteArray wrong = good;
            wrong[index] = wrong[index] == 'x' ? 'y' : 'x';
            QVERIFY2(!looksLikeOurs(wrong), wrong.constData());
        }
    }
};

QTEST_GUILESS_MAIN(KeyFormatTest)
#include "tst_key_format.moc"
