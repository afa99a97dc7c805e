// labels: db contract
// links: gateway/http gateway/providers
#include "tests/gateway/admin/control_rig.h"

#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

/// What admins read of the audit log.
class AuditLogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme"_s}});
        m_rig->make("/ui/api/teams",
                    {{u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Research"_s},
                     {u"organization_id"_s, u"acme"_s}});
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"sales"_s}, {u"name"_s, u"Sales"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"boss"_s}});
        m_rig->make("/ui/api/organizations/acme/members",
                    {{u"user_id"_s, u"boss"_s}, {u"role"_s, u"org_viewer"_s}});
    }

    void tellsWhoDidWhatTheNewestFirst()
    {
        m_rig->call("PATCH", "/ui/api/teams/research", {{u"name"_s, u"R & D"_s}});
        const Got got = m_rig->call("GET", "/ui/api/audit/events?limit=2");
        const QJsonObject newest = got.items().first().toObject();
        QCOMPARE(newest["action"_L1].toString(), u"team.update"_s);
        QCOMPARE(newest["actor_kind"_L1].toString(), u"master_key"_s);
        QCOMPARE(newest["before"_L1]["name"_L1].toString(), u"Research"_s);
        QCOMPARE(newest["after"_L1]["name"_L1].toString(), u"R & D"_s);
        const QByteArray number = QByteArray::number(newest["sequence"_L1].toInteger());
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events/" + number).body, newest);
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events/999999").status, 404);
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events/first").status, 404);
    }

    void findsWhatIsLookedFor_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<int>("events");
        QTest::newRow("action") << QByteArray("action=team.create") << 2;
        QTest::newRow("object") << QByteArray("target_kind=team&target_id=sales") << 1;
        QTest::newRow("organisation") << QByteArray("organization_id=acme") << 3;
        QTest::newRow("actor") << QByteArray("actor_id=nobody") << 0;
        QTest::newRow("word") << QByteArray("q=SALES") << 1;
        QTest::newRow("before") << QByteArray("until=2001-01-01") << 0;
        QTest::newRow("after") << QByteArray("from=2001-01-01") << 5;
        QTest::newRow("outcome") << QByteArray("outcome=denied") << 0;
    }
    void findsWhatIsLookedFor()
    {
        QFETCH(const QByteArray, query);
        QFETCH(const int, events);
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events?" + query).items().size(), events);
    }

    void leadsThroughAllPagesOnce()
    {
        QList<qint64> seen;
        QByteArray cursor;
        for (int page = 0; page < 9; ++page) {
            const Got got = m_rig->call("GET", "/ui/api/audit/events?limit=2" + cursor);
            for (const auto &item : got.items()) {
                seen.append(item["sequence"_L1].toInteger());
            }
            if (got.body["next"_L1].isNull()) {
                break;
            }
            cursor = "&cursor=" + got.body["next"_L1].toString().toLatin1();
        }
        QCOMPARE(seen, (QList<qint64>{5, 4, 3, 2, 1}));
    }

    void showsAnOrganisationItsOwnOnly()
    {
        const Got got = m_rig->callAs("boss", "GET", "/ui/api/audit/events");
        QCOMPARE(got.items().size(), 3);
        QVERIFY(!got.text.contains("sales"));
        QCOMPARE(m_rig->callAs("boss", "GET", "/ui/api/audit/events/3").status, 404);
        QCOMPARE(m_rig->callAs("boss", "GET", "/ui/api/audit/events/2").status, 200);
        const Got csv = m_rig->callAs("boss", "GET", "/ui/api/audit/events?format=csv");
        QCOMPARE(csv.text.count("\r\n"), 4);
    }

    void notesWhatSomebodyTriedAndMayNotDo()
    {
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(m_rig->callAs("boss", "POST", "/ui/api/teams/research/block").status, 403);
        }
        const Got got = m_rig->call("GET", "/ui/api/audit/events?outcome=denied");
        QCOMPARE(got.items().size(), 1); // The same again is noted once a minute.
        QCOMPARE(got.items().first()["actor_id"_L1].toString(), u"boss"_s);
        QCOMPARE(got.items().first()["target_id"_L1].toString(),
                 u"POST /ui/api/teams/{team_id}/block"_s);
        // Who keeps an eye on the organisation sees it.
        QCOMPARE(got.items().first()["organization_id"_L1].toString(), u"acme"_s);
        QCOMPARE(got.items().first()["team_id"_L1].toString(), u"research"_s);
        const QByteArray ofAcme = "/ui/api/audit/events?outcome=denied&organization_id=acme";
        QCOMPARE(m_rig->callAs("boss", "GET", ofAcme).items().size(), 1);
        m_rig->clock.now += std::chrono::minutes(2);
        QCOMPARE(m_rig->callAs("boss", "POST", "/ui/api/teams/research/block").status, 403);
        QCOMPARE(m_rig->call("GET", "/ui/api/audit/events?outcome=denied").items().size(), 2);
    }

    void provesThatNobodyChangedIt()
    {
        const auto verification = m_rig->store.verifyAudit([] { return std::nullopt; });
        QVERIFY(verification.has_value());
        QVERIFY(!verification->fault);
        QCOMPARE(verification->last.sequence, 5);
        QCOMPARE(m_rig->store.auditHead().value(), verification->last);
    }

private:
    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(AuditLogTest)
#include "tst_audit_log.moc"
