// labels: db
// services: postgres
// dialects: both
#include "gateway/store/audit_trail.h"
#include "tests/gateway/store/audit_rig.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlQuery>
#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::auditEvent;
using delta::test::auditMac;
using delta::test::AuditRig;

namespace {

QByteArray bigEndian(qint64 value)
{
    QByteArray bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.append(char(value >> shift));
    }
    return bytes;
}

} // namespace

class AuditTrailTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<AuditRig> m_rig;

    qint64 count()
    {
        qint64 rows = 0;
        const auto read = m_rig->database->each("audit/select_all"_L1, {},
                                                [&rows](const QSqlQuery &) { ++rows; });
        return read ? rows : -1;
    }

private Q_SLOTS:
    void init()
    {
        m_rig.reset();
        m_rig = std::make_unique<AuditRig>();
    }
    void cleanup()
    {
        m_rig.reset();
    }

    void numbersEventsFromOne()
    {
        QCOMPARE(m_rig->append(auditEvent(u"a"_s)).sequence, 1);
        QCOMPARE(m_rig->append(auditEvent(u"b"_s)).sequence, 2);
    }

    void keepsEachColumn()
    {
        AuditEvent event = auditEvent(u"a"_s);
        event.targetName = u"Ünïcode \U0001F600 'quoted' \"twice\"\r\n\tend"_s;
        event.reason = u"because"_s;
        event.outcome = AuditOutcome::Denied;
        event.actorKind = AuditActor::ServiceAccount;
        const AuditEvent written = m_rig->append(event);
        std::vector<AuditEvent> read;
        QVERIFY(m_rig->database
                    ->each("audit/select_all"_L1, {},
                           [&read](const QSqlQuery &row) { read.push_back(auditEventOf(row)); })
                    .has_value());
        QCOMPARE(read.size(), std::size_t(1));
        QVERIFY(read.front() == written);
        event.sequence = 1;
        event.hash = written.hash;
        event.mac = written.mac;
        QVERIFY(written == event);
    }

    // What is documented, done by hand.
    void hashesWhatTheDocumentationSays()
    {
        AuditEvent event;
        event.at = WallTime(5ms);
        event.action = u"a.b"_s;
        event.after = {{u"n"_s, 1}};
        const AuditEvent written = m_rig->append(event);
        QByteArray bytes(32, '\0');
        bytes += "deltallm-audit";
        for (const qint64 number : {1, 1, 5, 0}) {
            bytes += bigEndian(number);
        }
        for (const QByteArray &text :
             {"system"_ba, ""_ba, ""_ba, ""_ba, ""_ba, ""_ba, "a.b"_ba, ""_ba, ""_ba, ""_ba, ""_ba,
              ""_ba, ""_ba, "{\"n\":1}"_ba, "succeeded"_ba, ""_ba, ""_ba}) {
            bytes += bigEndian(text.size()) + text;
        }
        const QByteArray hash = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
        QCOMPARE(written.hash, hash.toHex());
        QCOMPARE(written.mac, auditMac(m_rig->key)(hash).toHex());
    }

    void chainsEachRecordToTheOneBefore()
    {
        const AuditEvent first = m_rig->append(auditEvent(u"a"_s));
        const AuditEvent second = m_rig->append(auditEvent(u"a"_s));
        QVERIFY(first.hash != second.hash);
        QCOMPARE(m_rig->verify().last.hash, second.hash);
    }

    void leavesNoGapWhenATransactionFails()
    {
        QCOMPARE(m_rig->append(auditEvent(u"a"_s)).sequence, 1);
        {
            const auto transaction = Transaction::begin(*m_rig->database).value();
            QCOMPARE(m_rig->trail.append(auditEvent(u"lost"_s))->sequence, 2);
            QCOMPARE(m_rig->trail.append(auditEvent(u"lost too"_s))->sequence, 3);
        }
        QCOMPARE(m_rig->append(auditEvent(u"b"_s)).sequence, 2);
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(count(), 2);
    }

    void appendsSeveralInOneTransaction()
    {
        auto transaction = Transaction::begin(*m_rig->database).value();
        QCOMPARE(m_rig->trail.append(auditEvent(u"a"_s))->sequence, 1);
        QCOMPARE(m_rig->trail.append(auditEvent(u"b"_s))->sequence, 2);
        QVERIFY(transaction.commit().has_value());
        QCOMPARE(m_rig->firstBad(), -1);
    }

    void refusesAnEventWithoutAnAction()
    {
        AuditEvent event = auditEvent(u"a"_s);
        event.action.clear();
        const auto transaction = Transaction::begin(*m_rig->database).value();
        const auto written = m_rig->trail.append(event);
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::StoreUnavailable);
    }

    void failsWithoutAHead()
    {
        QVERIFY(m_rig->execute(u"DELETE FROM audit_head"_s));
        const auto transaction = Transaction::begin(*m_rig->database).value();
        const auto written = m_rig->trail.append(auditEvent(u"a"_s));
        QVERIFY(!written);
        QVERIFY(written.error().detail.contains(u"audit_head"_s));
    }

    void cleansWhatTheDatabaseCannotHold()
    {
        AuditEvent event = auditEvent(u"a"_s);
        event.userAgent = QString(1000, u'x');
        event.reason = u"a\0b"_s;
        event.targetName = QString(QChar(0xd800));
        const AuditEvent written = m_rig->append(event);
        QCOMPARE(written.userAgent.size(), 256);
        QCOMPARE(written.reason, u"a\uFFFDb"_s);
        QCOMPARE(written.targetName.size(), 1);
        QCOMPARE(m_rig->firstBad(), -1);
    }

    void writesNoSecrets()
    {
        AuditEvent event = auditEvent(u"a"_s);
        event.after = {{u"api_key"_s, u"canary-1"_s},
                       {u"list"_s, QJsonArray{QJsonObject{{u"password"_s, u"canary-2"_s}}}}};
        const QByteArray json = QJsonDocument(m_rig->append(event).after).toJson();
        QVERIFY2(!json.contains("canary"), json.constData());
    }

    void notesOnlyTheDigestOfAnObjectThatIsTooLong()
    {
        AuditEvent event = auditEvent(u"a"_s);
        event.after = {{u"text"_s, QString(65 * 1024, u'x')}};
        const QJsonObject written = m_rig->append(event).after;
        QCOMPARE(written.keys(), (QStringList{u"omitted_bytes"_s, u"omitted_sha256"_s}));
        QCOMPARE(written[u"omitted_bytes"_s].toInteger(), 65 * 1024 + 11);
        QCOMPARE(m_rig->firstBad(), -1);
    }

    void letsNobodyChangeTheHistory_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::newRow("update") << u"UPDATE audit_events SET reason = 'x'"_s;
        QTest::newRow("delete") << u"DELETE FROM audit_events WHERE sequence = 2"_s;
        QTest::newRow("delete the oldest") << u"DELETE FROM audit_events WHERE sequence = 1"_s;
        QTest::newRow("floor to nowhere") << u"UPDATE audit_floor SET sequence = 2"_s;
        QTest::newRow("no floor") << u"DELETE FROM audit_floor"_s;
        if (test::StorePlace::isPostgres()) {
            QTest::newRow("truncate") << u"TRUNCATE audit_events"_s;
        }
    }
    void letsNobodyChangeTheHistory()
    {
        QFETCH(const QString, statement);
        m_rig->fill(3);
        QVERIFY(!m_rig->execute(statement));
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(count(), 3);
    }

    void removesTheOldestAndGoesOn()
    {
        AuditEvent event = auditEvent(u"a"_s);
        for (int hour = 0; hour < 5; ++hour) {
            event.at += 1h;
            m_rig->append(event);
        }
        QCOMPARE(m_rig->trail.removeBefore(event.at - 2h).value(), false);
        QCOMPARE(count(), 3);
        const AuditVerification found = m_rig->verify();
        QVERIFY(!found.fault);
        QCOMPARE(found.floor.sequence, 2);
        QCOMPARE(found.last.sequence, 5);
        QCOMPARE(m_rig->append(event).sequence, 6);
        QCOMPARE(m_rig->trail.removeBefore(event.at + 1h).value(), false);
        QCOMPARE(count(), 0);
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(m_rig->append(event).sequence, 7);
        QCOMPARE(m_rig->firstBad(), -1);
    }

    // Clocks of several gateways differ: what is younger keeps all behind it.
    void removesNothingBehindAnEventThatIsKept()
    {
        AuditEvent event = auditEvent(u"a"_s);
        const WallTime old = event.at;
        for (const WallTime at : {old, old + 5h, old}) {
            event.at = at;
            m_rig->append(event);
        }
        QCOMPARE(m_rig->trail.removeBefore(old + 1h).value(), false);
        QCOMPARE(count(), 2);
        QCOMPARE(m_rig->firstBad(), -1);
    }

    void removesAPortionAtATime()
    {
        {
            auto transaction = Transaction::begin(*m_rig->database).value();
            for (int number = 0; number < 1001; ++number) {
                QVERIFY(m_rig->trail.append(auditEvent(u"a"_s)).has_value());
            }
            QVERIFY(transaction.commit().has_value());
        }
        const WallTime later = auditEvent({}).at + 1h;
        QCOMPARE(m_rig->trail.removeBefore(later).value(), true);
        QCOMPARE(count(), 1);
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(m_rig->trail.removeBefore(later).value(), false);
        QCOMPARE(count(), 0);
        QCOMPARE(m_rig->trail.removeBefore(later).value(), false);
        QCOMPARE(m_rig->firstBad(), -1);
    }

    void neverForksWhenManyAppendAtOnce()
    {
        constexpr int threadCount = 3;
        constexpr int turns = 20;
        std::atomic<int> failures = 0;
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < threadCount; ++thread) {
            threads.emplace_back([this, thread, &failures] {
                const auto database = m_rig->openDatabase();
                AuditTrail trail(*database, auditMac(m_rig->key));
                for (int turn = 0; turn < turns; ++turn) {
                    auto transaction = Transaction::begin(*database);
                    const bool isWritten = transaction
                        && trail.append(auditEvent(QString::number(thread))).has_value();
                    // Each third one is given up.
                    const bool isGood = isWritten
                        && (turn % 3 == 2 || transaction->commit().has_value());
                    failures += isGood ? 0 : 1;
                }
            });
        }
        threads.clear();
        QCOMPARE(failures.load(), 0);
        const AuditVerification found = m_rig->verify();
        QVERIFY2(!found.fault, qPrintable(found.toText()));
        QCOMPARE(found.last.sequence, threadCount * 14);
    }
};

QTEST_GUILESS_MAIN(AuditTrailTest)
#include "tst_audit_trail.moc"
