// labels: db
// services: postgres
// dialects: both
#include "gateway/store/audit_verification.h"
#include "tests/gateway/store/audit_rig.h"

#include <QTest>

#include <chrono>
#include <cstddef>
#include <memory>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::auditEvent;
using delta::test::auditMac;
using delta::test::AuditRig;

namespace {

unsigned below(std::mt19937 &random, std::size_t limit)
{
    return static_cast<unsigned>(random() % limit);
}

/// A text as nobody should send it.
QString randomText(std::mt19937 &random)
{
    static const QStringList pieces{u"a"_s,  u"\r\n"_s,       u"\0"_s,       u"=1+1"_s, u"'"_s,
                                    u"\\"_s, u"\U0001F600"_s, QChar(0xd800), u"ß"_s,    u" "_s};
    QString text;
    for (unsigned length = below(random, 200); length > 0; --length) {
        text += pieces[below(random, std::size_t(pieces.size()))];
    }
    return text;
}

AuditEvent randomEvent(std::mt19937 &random)
{
    AuditEvent event = auditEvent(randomText(random));
    event.actorName = randomText(random);
    event.reason = randomText(random);
    event.after = {{randomText(random), randomText(random)}, {u"n"_s, qint64(random())}};
    event.outcome = AuditOutcome(below(random, 3));
    return event;
}

} // namespace

class AuditVerificationTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<AuditRig> m_rig;

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

    void findsNothingWrongWithAnEmptyLog()
    {
        const AuditVerification found = m_rig->verify();
        QVERIFY(!found.fault);
        QVERIFY(found.last == AuditLink());
    }

    void agreesWithCheckpoints()
    {
        m_rig->fill(5);
        const AuditVerification found = m_rig->verify(
            {m_rig->checkpointOf(2), m_rig->checkpointOf(2), m_rig->checkpointOf(5)});
        QVERIFY2(!found.fault, qPrintable(found.toText()));
        QCOMPARE(found.checkpoints, 3);
        QCOMPARE(found.last, m_rig->checkpointOf(5));
        QVERIFY(found.toText().contains(u"5 records are good; 3 checkpoints agree."_s));
    }

    void findsAChangeOfAnyColumn()
    {
        const QString change = u"UPDATE audit_events SET %1 = %2 WHERE sequence = 3"_s;
        m_rig->fill(5);
        QVERIFY(m_rig->dropTriggers());
        for (const QString &column : m_rig->columns()) {
            const bool isNumber = column == u"format"_s || column == u"occurred_at"_s
                || column == u"config_version"_s;
            QVERIFY(
                m_rig->execute(change.arg(column, column + (isNumber ? u" + 1"_s : u" || ' '"_s))));
            const AuditVerification found = m_rig->verify();
            QVERIFY2(found.fault && found.fault->sequence == 3, qPrintable(column));
            QVERIFY(found.fault->what.contains(u"it was changed"_s));
            QVERIFY(m_rig->execute(
                change.arg(column, isNumber ? column + u" - 1"_s : u"RTRIM(%1)"_s.arg(column))));
            QCOMPARE(m_rig->firstBad(), -1);
        }
    }

    void findsTampering_data()
    {
        QTest::addColumn<QString>("statements");
        QTest::addColumn<qint64>("firstBad");
        QTest::addColumn<QString>("what");
        const auto add = [](const char *name, const QString &statements, qint64 firstBad,
                            const QString &what) {
            QTest::newRow(name) << statements << firstBad << what;
        };
        add("text moved to the next column",
            u"UPDATE audit_events SET actor_name = '', auth_method = actor_name || auth_method "
            "WHERE sequence = 3"_s,
            3, u"it was changed"_s);
        add("hash", u"UPDATE audit_events SET hash = mac WHERE sequence = 3"_s, 3,
            u"it was changed"_s);
        add("mac", u"UPDATE audit_events SET mac = hash WHERE sequence = 3"_s, 3, u"its MAC"_s);
        add("removed", u"DELETE FROM audit_events WHERE sequence = 3"_s, 3, u"it is missing"_s);
        add("several removed", u"DELETE FROM audit_events WHERE sequence IN (2, 3)"_s, 2,
            u"so are all up to 3"_s);
        add("oldest removed", u"DELETE FROM audit_events WHERE sequence = 1"_s, 1,
            u"it is missing"_s);
        add("oldest removed, floor moved",
            u"UPDATE audit_floor SET sequence = 1, hash = (SELECT hash FROM audit_events WHERE "
            "sequence = 1);DELETE FROM audit_events WHERE sequence = 1"_s,
            1, u"no gateway has moved"_s);
        add("removed and closed up",
            u"DELETE FROM audit_events WHERE sequence = 3;UPDATE audit_events SET sequence = 3 "
            "WHERE sequence = 4;UPDATE audit_events SET sequence = 4 WHERE sequence = 5"_s,
            3, u"does not follow"_s);
        add("swapped",
            u"UPDATE audit_events SET sequence = 99 WHERE sequence = 2;UPDATE audit_events SET "
            "sequence = 2 WHERE sequence = 3;UPDATE audit_events SET sequence = 3 WHERE sequence = 99"_s,
            2, u"does not follow"_s);
        add("moved behind the end", u"UPDATE audit_events SET sequence = 9 WHERE sequence = 1"_s, 1,
            u"it is missing"_s);
        add("end cut off, not its head", u"DELETE FROM audit_events WHERE sequence = 5"_s, 5,
            u"it is missing"_s);
        add("head elsewhere", u"UPDATE audit_head SET sequence = 4"_s, 5, u"audit_head"_s);
        add("no head", u"DELETE FROM audit_head"_s, 5, u"audit_head"_s);
        add("no floor", u"DELETE FROM audit_floor"_s, -1, u"no gateway has moved"_s);
    }
    void findsTampering()
    {
        QFETCH(const QString, statements);
        QFETCH(const qint64, firstBad);
        QFETCH(const QString, what);
        m_rig->fill(5);
        QVERIFY(m_rig->dropTriggers());
        if (statements.startsWith(u"DELETE FROM audit_floor"_s)
            && !test::StorePlace::isPostgres()) {
            QVERIFY(m_rig->execute(u"DROP TRIGGER audit_floor_stays"_s));
        }
        for (const QString &statement : statements.split(u';')) {
            QVERIFY2(m_rig->execute(statement), qPrintable(statement));
        }
        const AuditVerification found = m_rig->verify();
        QVERIFY(found.fault);
        QCOMPARE(found.fault->sequence, firstBad);
        QVERIFY2(found.fault->what.contains(what), qPrintable(found.fault->what));
        QVERIFY(found.toText().contains(u"BROKEN  record %1: "_s.arg(firstBad)));
    }

    void findsARecordThatNoGatewayWrote()
    {
        m_rig->fill(3);
        auto transaction = Transaction::begin(*m_rig->database).value();
        AuditTrail forger(*m_rig->database, auditMac("a guess"));
        QVERIFY(forger.append(auditEvent(u"forged"_s)).has_value());
        QVERIFY(transaction.commit().has_value());
        QCOMPARE(m_rig->firstBad(), 4);
    }

    void findsAChainThatSomebodyElseWroteAnew()
    {
        m_rig->fill(3);
        QVERIFY(m_rig->dropTriggers() && m_rig->wipe());
        auto transaction = Transaction::begin(*m_rig->database).value();
        AuditTrail forger(*m_rig->database, auditMac("a guess"));
        for (const AuditEvent &event : m_rig->written) {
            QVERIFY(forger.append(event).has_value());
        }
        QVERIFY(transaction.commit().has_value());
        const AuditVerification found = m_rig->verify();
        QCOMPARE(found.fault->sequence, 1);
        QVERIFY(found.fault->what.contains(u"its MAC is wrong"_s));
    }

    // Nothing in the database can show that: it was like this once.
    void findsByACheckpointThatTheEndIsCutOff()
    {
        m_rig->fill(5);
        QVERIFY(m_rig->dropTriggers());
        QVERIFY(m_rig->execute(u"DELETE FROM audit_events WHERE sequence > 3"_s));
        QVERIFY(m_rig->execute(u"UPDATE audit_head SET sequence = 3, hash = (SELECT hash FROM "
                               "audit_events WHERE sequence = 3)"_s));
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(m_rig->firstBad({m_rig->checkpointOf(3)}), -1);
        const auto found = m_rig->verify({m_rig->checkpointOf(2), m_rig->checkpointOf(5)});
        QCOMPARE(found.fault->sequence, 4);
        QVERIFY(found.fault->what.contains(u"as a checkpoint shows"_s));
    }

    // By somebody who has the pepper, or who has put an old copy of the database in its place and gone on from there.
    void findsByACheckpointThatTheChainIsAnotherOne()
    {
        m_rig->fill(3);
        const AuditLink checkpoint = m_rig->checkpointOf(2);
        QVERIFY(m_rig->dropTriggers() && m_rig->wipe());
        m_rig->append(auditEvent(u"t1"_s));
        m_rig->append(auditEvent(u"another"_s));
        QCOMPARE(m_rig->firstBad(), -1);
        QCOMPARE(m_rig->firstBad({checkpoint}), 2);
    }

    void passesOverCheckpointsOfWhatIsNoLongerKept()
    {
        m_rig->fill(3);
        AuditEvent late = auditEvent(u"late"_s);
        late.at += std::chrono::hours(2);
        m_rig->append(late);
        QVERIFY(m_rig->trail.removeBefore(late.at).has_value());
        const AuditVerification found = m_rig->verify(
            {m_rig->checkpointOf(1), m_rig->checkpointOf(3)});
        QVERIFY2(!found.fault, qPrintable(found.toText()));
        QCOMPARE(found.floor.sequence, 3);
        QCOMPARE(found.checkpoints, 1);
        AuditLink wrong = m_rig->checkpointOf(3);
        wrong.hash = m_rig->written[0].hash;
        QCOMPARE(m_rig->firstBad({wrong}), 3);
    }

    void findsAnyChangeOfAnyLog_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 8; ++seed) {
            QTest::addRow("seed %u", seed) << seed;
        }
    }
    void findsAnyChangeOfAnyLog()
    {
        QFETCH(const unsigned, seed);
        std::mt19937 random(seed);
        const unsigned count = 2 + below(random, 12);
        for (unsigned number = 0; number < count; ++number) {
            m_rig->written.push_back(m_rig->append(randomEvent(random)));
        }
        QCOMPARE(m_rig->firstBad({m_rig->checkpointOf(count)}), -1);
        QVERIFY(m_rig->dropTriggers());
        const qint64 victim = 1 + qint64(below(random, count));
        const QStringList deeds{
            u"UPDATE audit_events SET reason = reason || 'x' WHERE sequence = %1"_s,
            u"UPDATE audit_events SET occurred_at = occurred_at - 1 WHERE sequence = %1"_s,
            u"UPDATE audit_events SET mac = hash WHERE sequence = %1"_s,
            u"DELETE FROM audit_events WHERE sequence = %1"_s,
            u"UPDATE audit_events SET actor_id = 'someone else' WHERE sequence = %1"_s};
        const QString deed = deeds[below(random, std::size_t(deeds.size()))].arg(victim);
        QVERIFY2(m_rig->execute(deed), qPrintable(deed));
        QCOMPARE(m_rig->firstBad(), victim);
    }
};

QTEST_GUILESS_MAIN(AuditVerificationTest)
#include "tst_audit_verification.moc"
