#include "gateway/store/clean_text.h"

#include <QByteArrayView>
#include <QTest>

using delta::store::cleanText;
using delta::store::maxTextBytes;

class CleanTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatTheDatabaseCanHold_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray replacement = "\xef\xbf\xbd";
        const QByteArray euro = "\xe2\x82\xac";
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("plain") << QByteArray("gpt-x") << QByteArray("gpt-x");
        QTest::newRow("longest") << QByteArray(maxTextBytes, 'x') << QByteArray(maxTextBytes, 'x');
        QTest::newRow("too long") << QByteArray(maxTextBytes + 1, 'x')
                                  << QByteArray(maxTextBytes, 'x');
        QTest::newRow("other alphabets") << QByteArray("名前 ключ") << QByteArray("名前 ключ");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << "a" + replacement + "b";
        QTest::newRow("only NUL") << QByteArray("\0", 1) << replacement;
        QTest::newRow("stray byte") << QByteArray("a\xff") << "a" + replacement;
        QTest::newRow("surrogate")
            << QByteArray("\xed\xa0\x80") << replacement + replacement + replacement;
        QTest::newRow("overlong") << QByteArray("\xc0\x80", 2) << replacement + replacement;
        QTest::newRow("cut in a character")
            << QByteArray(maxTextBytes - 1, 'x') + euro << QByteArray(maxTextBytes - 1, 'x');
        QTest::newRow("last character fits")
            << QByteArray(maxTextBytes - 3, 'x') + euro << QByteArray(maxTextBytes - 3, 'x') + euro;
        QTest::newRow("grows by replacement")
            << QByteArray(maxTextBytes, '\0') << replacement.repeated(maxTextBytes / 3);
    }
    void keepsWhatTheDatabaseCanHold()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, expected);
        QCOMPARE(cleanText(text), expected);
    }

    void makesAnyBytesWritable()
    {
        quint32 state = 1;
        for (int i = 0; i < 5000; ++i) {
            QByteArray text;
            for (int size = i % 300; size > 0; --size) {
                state = state * 1664525U + 1013904223U;
                text.append(static_cast<char>(state >> 24));
            }
            const QByteArray clean = cleanText(text);
            QVERIFY(clean.size() <= maxTextBytes);
            QVERIFY(!clean.contains('\0'));
            QVERIFY(QByteArrayView(clean).isValidUtf8());
            QCOMPARE(cleanText(clean), clean);
        }
    }
};

QTEST_GUILESS_MAIN(CleanTextTest)
#include "tst_clean_text.moc"
