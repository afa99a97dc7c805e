#include "gateway/app/audit_checkpoint.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QBuffer>
#include <QtTest>

using namespace delta;
using namespace delta::app;
using namespace Qt::StringLiterals;

class AuditCheckpointTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsItsNotesAmongOtherLines()
    {
        const QByteArray log = "Nov 28 12:00:00 host deltallm-gateway[7]: delta.app: " + line(20)
            + "\nsomething else\n{\"message\":\"" + line(7) + "\"}\n";
        const auto links = read(log);
        QVERIFY2(links, links ? "" : qPrintable(links.error().message));
        QCOMPARE(links->size(), 2U);
        QCOMPARE(links->at(0), linkOf(7)); // By rising sequence.
        QCOMPARE(links->at(1), linkOf(20));
    }

    void refusesANoteThatNobodySigned_data()
    {
        QTest::addColumn<QByteArray>("note");
        const QByteArray good = line(20);
        QTest::newRow("another record") << QByteArray(good).replace("record 20:", "record 21:");
        QTest::newRow("another hash") << QByteArray(good).replace(":aa", ":ab");
        QTest::newRow("no signature") << good.first(good.indexOf(','));
        QTest::newRow("cut off") << good.chopped(1);
        QTest::newRow("the signature of another note")
            << good.first(good.indexOf("signed")) + line(7).sliced(line(7).indexOf("signed"));
        QTest::newRow("another pepper") << checkpointLine(
            linkOf(20), auth::CheckpointKey(auth::test::fixedPepper().derived("other")));
    }
    void refusesANoteThatNobodySigned()
    {
        QFETCH(QByteArray, note);
        const auto links = read(line(1) + '\n' + note + '\n');
        QVERIFY(!links);
        QVERIFY2(links.error().message.startsWith(u"line 2 of the log: no gateway"_s),
                 qPrintable(links.error().message));
    }

    void saysIfALogHasNoNote()
    {
        const auto links = read("nothing\nof it\n");
        QVERIFY(!links);
        QVERIFY(links.error().message.contains(u"has no line of a gateway"_s));
    }

    void readsWhatAPersonVouchesFor()
    {
        const auto link = checkpointOf(u"7:"_s + QString(64, u'A'));
        QVERIFY(link);
        QCOMPARE(link->sequence, 7);
        QCOMPARE(link->hash, QByteArray(64, 'a'));
        for (const char *wrong : {"", "7", "7:", "7:abc", "x:y", "-1:", "7:8:9"}) {
            QVERIFY2(!checkpointOf(QString::fromLatin1(wrong)), wrong);
        }
    }

private:
    static store::AuditLink linkOf(qint64 sequence)
    {
        return {sequence, QByteArray(64, 'a')};
    }
    QByteArray line(qint64 sequence) const
    {
        return checkpointLine(linkOf(sequence), m_key);
    }
    Result<std::vector<store::AuditLink>> read(QByteArray log) const
    {
        QBuffer buffer(&log);
        buffer.open(QIODevice::ReadOnly);
        return readCheckpoints(buffer, u"the log"_s, m_key);
    }

    auth::CheckpointKey m_key{auth::test::fixedPepper()};
};

QTEST_GUILESS_MAIN(AuditCheckpointTest)
#include "tst_audit_checkpoint.moc"
