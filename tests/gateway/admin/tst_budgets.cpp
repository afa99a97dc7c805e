// labels: db contract money
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

const QByteArray budgets = "/ui/api/budgets";

QJsonObject with(QJsonObject object, const QString &name, const QJsonValue &value)
{
    object.insert(name, value);
    return object;
}

const QJsonObject monthly{{u"budget_id"_s, u"monthly"_s},
                          {u"scope"_s, u"team"_s},
                          {u"scope_id"_s, u"research"_s},
                          {u"max_budget"_s, 100},
                          {u"budget_duration"_s, u"1mo"_s}};

} // namespace

/// Budgets over the admin API, beside those that objects have of their own.
class BudgetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"research"_s}, {u"name"_s, u"Research"_s}});
    }

    void makesShowsChangesAndRemovesABudget()
    {
        Got got = m_rig->call("POST", budgets, monthly);
        QCOMPARE(got.status, 201);
        QCOMPARE(got.field("location"), QByteArray("/ui/api/budgets/monthly"));
        QCOMPARE(got.body[u"remaining"_s].toDouble(), 100.0);
        QCOMPARE(got.body[u"source"_s].toString(), u"database"_s);

        got = m_rig->call("PATCH", budgets + "/monthly",
                          {{u"max_budget"_s, QJsonValue::Null}, {u"soft_budget"_s, 0.000000001}},
                          {{"if-match", "\"1\""}});
        QCOMPARE(got.status, 200);
        QCOMPARE(got.field("etag"), QByteArray("\"2\""));
        QVERIFY(got.body[u"limit"_s].isNull());
        QCOMPARE(got.body[u"soft_budget"_s].toDouble(), 0.000000001);
        QCOMPARE(got.body[u"budget_duration"_s].toString(), u"1mo"_s);

        QCOMPARE(m_rig->call("DELETE", budgets + "/monthly").status, 204);
        QCOMPARE(m_rig->call("GET", budgets + "/monthly").code(), u"budget_not_found"_s);
    }

    void letsNobodyOverwriteTheChangeOfAnother()
    {
        m_rig->make(budgets, monthly);
        // As a gateway's command line or LiteLLM's API do.
        QVERIFY(m_rig->budgets.update(u"monthly"_s, {{u"max_budget"_s, 50}}));
        const Got stale = m_rig->call("PATCH", budgets + "/monthly", {{u"max_budget"_s, 70}},
                                      {{"if-match", "\"1\""}});
        QCOMPARE(stale.status, 412);
        QCOMPARE(m_rig->call("GET", budgets + "/monthly").body[u"max_budget"_s].toInt(), 50);
    }

    void listsTheBudgetThatAnObjectHasOfItsOwn()
    {
        m_rig->call("PATCH", "/ui/api/teams/research",
                    {{u"budget"_s, QJsonObject{{u"max_budget"_s, 7}}}});
        m_rig->make(budgets, monthly);
        const Got all = m_rig->call("GET", budgets + "?scope=team&scope_id=research");
        QCOMPARE(all.items().size(), 2);
        const Got found = m_rig->call("GET", budgets + "?q=TEAM-RES");
        QCOMPARE(found.items().size(), 1);
        QCOMPARE(found.items()[0].toObject()[u"max_budget"_s].toInt(), 7);

        QCOMPARE(m_rig->call("PATCH", budgets + "/team-research", {{u"max_budget"_s, 8}}).status,
                 200);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams/research")
                     .body[u"budget"_s]
                     .toObject()[u"max_budget"_s]
                     .toInt(),
                 8);
    }

    void keepsApartABudgetThatOnlyHasTheIdOfAnothersOwn()
    {
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"daily"_s}, {u"name"_s, u"Daily"_s}});
        m_rig->make(budgets, with(monthly, u"budget_id"_s, u"team-daily"_s));
        QVERIFY(m_rig->call("GET", "/ui/api/teams/daily").body[u"budget"_s].isNull());
        QCOMPARE(m_rig->call("PATCH", "/ui/api/teams/daily", {{u"name"_s, u"Daily team"_s}}).status,
                 200);
        const Got taken = m_rig->call("PATCH", "/ui/api/teams/daily",
                                      {{u"budget"_s, QJsonObject{{u"max_budget"_s, 1}}}});
        QCOMPARE(taken.status, 409);
        QCOMPARE(taken.param(), u"budget"_s);
        QCOMPARE(m_rig->call("GET", budgets + "/team-daily").body[u"max_budget"_s].toInt(), 100);
    }

    void beginsAnewAndRemembersWhoHadThatDone()
    {
        m_rig->make(budgets, monthly);
        SpendEntry entry = delta::test::sampleEntry("call-1");
        entry.teamId = "research";
        entry.startedAt = m_rig->clock.now;
        entry.cost = Money::fromNanos(2'500'000'000);
        m_rig->post({entry});
        QCOMPARE(m_rig->call("GET", budgets + "/monthly").body[u"spend"_s].toDouble(), 2.5);

        const Got reset = m_rig->call("POST", budgets + "/monthly/reset",
                                      {{u"reason"_s, u"credited"_s}});
        QCOMPARE(reset.status, 200);
        QCOMPARE(reset.body[u"spend"_s].toDouble(), 0.0);
        QVERIFY(!reset.body[u"last_reset_at"_s].isNull());
        const QJsonObject record =
            m_rig->call("GET", "/ui/api/audit/events?limit=1").items()[0].toObject();
        QCOMPARE(record[u"action"_s].toString(), u"budget.reset"_s);
        QCOMPARE(record[u"reason"_s].toString(), u"credited"_s);
        QCOMPARE(record[u"request_id"_s].toString(), u"req_1"_s);

        QCOMPARE(m_rig->call("DELETE", budgets + "/monthly").status, 204);
        const QJsonArray resets = m_rig->call("GET", budgets + "/monthly/resets").items();
        QCOMPARE(resets.size(), 1);
        QCOMPARE(resets[0].toObject()[u"spent_before"_s].toDouble(), 2.5);
        QCOMPARE(resets[0].toObject()[u"reset_by"_s].toString(), u"master key"_s);
        QCOMPARE(m_rig->call("GET", budgets + "/other/resets").status, 404);
        QCOMPARE(m_rig->call("POST", budgets + "/other/reset").status, 404);
    }

    void leavesToTheFileWhatTheFileSets()
    {
        Budget ofFile;
        ofFile.id = u"config-gateway"_s;
        ofFile.scope = BudgetScope::Gateway;
        QVERIFY(m_rig->budgets.adopt({ofFile}));
        const QByteArray one = budgets + "/config-gateway";
        QCOMPARE(m_rig->call("GET", one).body[u"source"_s].toString(), u"file"_s);
        QCOMPARE(m_rig->call("PATCH", one, {{u"max_budget"_s, 1}}).status, 409);
        QCOMPARE(m_rig->call("DELETE", one).status, 409);
        QCOMPARE(m_rig->call("POST", one + "/reset").status, 200);
        QCOMPARE(
            m_rig->call("POST", budgets, with(monthly, u"budget_id"_s, u"config-mine"_s)).status,
            409);
    }

    void refusesWhatIsNoBudget_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *name, const QString &field, const QJsonValue &value) {
            QTest::newRow(name) << with(monthly, field, value) << field;
        };
        row("a team that is not there", u"scope_id"_s, u"ghosts"_s);
        row("no team", u"scope_id"_s, QJsonValue::Null);
        row("a scope that there is not", u"scope"_s, u"planet"_s);
        row("a member of a whole team", u"member_id"_s, u"ann"_s);
        row("less than nothing", u"max_budget"_s, -1);
        row("a text for an amount", u"max_budget"_s, u"12"_s);
        row("no duration", u"budget_duration"_s, u"often"_s);
        row("a city without a zone", u"timezone"_s, u"Mars/Olympus"_s);
        row("an id that no path can have", u"budget_id"_s, u"a/b"_s);
        row("a field that there is not", u"budget"_s, 5);
        QTest::newRow("nobody of a team")
            << with(with(monthly, u"scope"_s, u"team_member"_s), u"member_id"_s, u"ann"_s)
            << u"member_id"_s;
    }

    void refusesWhatIsNoBudget()
    {
        QFETCH(const QJsonObject, body);
        QFETCH(const QString, param);
        const Got got = m_rig->call("POST", budgets, body);
        QCOMPARE(got.status, 400);
        QCOMPARE(got.param(), param);
        QCOMPARE(m_rig->call("GET", budgets).body[u"total"_s].toInt(), 0);
    }

    void countsTheSameCallsForEver()
    {
        m_rig->make(budgets, monthly);
        for (const auto &[field, value] : {std::pair{u"scope"_s, u"user"_s},
                                           {u"scope_id"_s, u"other"_s},
                                           {u"budget_id"_s, u"other"_s}}) {
            const Got got = m_rig->call("PATCH", budgets + "/monthly", {{field, value}});
            QCOMPARE(got.status, 400);
            QCOMPARE(got.param(), field);
        }
    }

private:
    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(BudgetsTest)

#include "tst_budgets.moc"
