#include "gateway/ledger/crc32c.h"

#include <QByteArray>
#include <QTest>

using delta::ledger::crc32c;
using delta::ledger::crc32cByTable;

class Crc32cTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsThePublishedValues_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<quint32>("expected");
        // RFC 3720, appendix B.4, and the usual check value.
        QByteArray rising(32, '\0');
        QByteArray falling(32, '\0');
        for (int i = 0; i < 32; ++i) {
            rising[i] = static_cast<char>(i);
            falling[i] = static_cast<char>(31 - i);
        }
        QTest::newRow("nothing") << QByteArray() << 0U;
        QTest::newRow("digits") << QByteArray("123456789") << 0xe3069283U;
        QTest::newRow("zeros") << QByteArray(32, '\0') << 0x8a9136aaU;
        QTest::newRow("ones") << QByteArray(32, '\xff') << 0x62a8ab43U;
        QTest::newRow("rising") << rising << 0x46dd794eU;
        QTest::newRow("falling") << falling << 0x113fdb5cU;
    }
    void knowsThePublishedValues()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const quint32, expected);
        QCOMPARE(crc32c(0, bytes), expected);
        QCOMPARE(crc32cByTable(0, bytes), expected);
    }

    void isTheSameByTableAndInPieces()
    {
        QByteArray bytes;
        for (int i = 0; i < 300; ++i) {
            bytes.append(static_cast<char>(i * 37 + i / 7));
            const quint32 whole = crc32c(0, bytes);
            QCOMPARE(crc32cByTable(0, bytes), whole);
            const qsizetype cut = bytes.size() / 3;
            QCOMPARE(crc32c(crc32cByTable(0, bytes.first(cut)), bytes.sliced(cut)), whole);
        }
    }
};

QTEST_GUILESS_MAIN(Crc32cTest)
#include "tst_crc32c.moc"
