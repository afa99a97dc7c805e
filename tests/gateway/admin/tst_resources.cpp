// labels: db contract
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "tests/gateway/admin/control_rig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

QJsonObject team(const QString &id)
{
    return {{u"team_id"_s, id}, {u"name"_s, u"Team "_s + id}};
}

} // namespace

class ResourcesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        // Rows of a table are about what is refused, and so may share a store.
        if (!QTest::currentDataTag() || !m_isTable) {
            m_rig = std::make_unique<ControlRig>();
        }
        m_isTable = QTest::currentDataTag() != nullptr;
    }

    void makesShowsChangesAndRemovesATeam()
    {
        Got got = m_rig->call("POST", "/ui/api/teams", team(u"a"_s));
        QCOMPARE(got.status, 201);
        QCOMPARE(got.field("location"), QByteArray("/ui/api/teams/a"));
        QCOMPARE(got.field("etag"), QByteArray("\"1\""));

        got = m_rig->call("PATCH", "/ui/api/teams/a", {{u"name"_s, u"Other"_s}},
                          {{"if-match", "\"1\""}});
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body.value("name"_L1).toString(), u"Other"_s);
        QCOMPARE(got.body.value("revision"_L1).toInteger(), 2);

        got = m_rig->call("GET", "/ui/api/teams/a");
        QCOMPARE(got.body.value("name"_L1).toString(), u"Other"_s);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/a").status, 204);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams/a").code(), u"team_not_found"_s);
    }

    void keepsBudgetAndLimitsWithTheObject()
    {
        QJsonObject wish = team(u"a"_s);
        wish.insert("budget"_L1,
                    QJsonObject{{u"max_budget"_s, 12.5}, {u"budget_duration"_s, u"1mo"_s}});
        wish.insert("limits"_L1, QJsonObject{{u"rpm_limit"_s, 60}});
        QCOMPARE(m_rig->call("POST", "/ui/api/teams", wish).status, 201);

        Got got = m_rig->call("PATCH", "/ui/api/teams/a",
                              {{u"budget"_s, QJsonObject{{u"soft_budget"_s, 10}}},
                               {u"limits"_s, QJsonObject{{u"tpm_limit"_s, 1000}}}});
        const QJsonObject budget = got.body.value("budget"_L1).toObject();
        QCOMPARE(budget.value("max_budget"_L1).toDouble(), 12.5);
        QCOMPARE(budget.value("soft_budget"_L1).toInt(), 10);
        QCOMPARE(got.body.value("limits"_L1).toObject().value("rpm_limit"_L1).toInt(), 60);
        QCOMPARE(got.body.value("limits"_L1).toObject().value("tpm_limit"_L1).toInt(), 1000);

        got = m_rig->call("PATCH", "/ui/api/teams/a",
                          {{u"budget"_s, QJsonValue()}, {u"limits"_s, QJsonValue()}});
        QVERIFY(got.body.value("budget"_L1).isNull());
        QVERIFY(got.body.value("limits"_L1).toObject().value("rpm_limit"_L1).isNull());
        QVERIFY(m_rig->refreshes >= 3);
    }

    void removesTheBudgetWithItsOwner()
    {
        QJsonObject wish = team(u"a"_s);
        wish.insert("budget"_L1, QJsonObject{{u"max_budget"_s, 1}});
        m_rig->make("/ui/api/teams", wish);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/a").status, 204);
        QVERIFY(m_rig->store.loadBudgets().value().empty());
    }

    void refusesAChangeOfWhatSomebodyElseChanged()
    {
        m_rig->make("/ui/api/teams", team(u"a"_s));
        QCOMPARE(
            m_rig->call("PATCH", "/ui/api/teams/a", {{u"name"_s, u"B"_s}}, {{"if-match", "\"1\""}})
                .status,
            200);

        const Got late = m_rig->call("PATCH", "/ui/api/teams/a", {{u"name"_s, u"C"_s}},
                                     {{"if-match", "\"1\""}});
        QCOMPARE(late.status, 412);
        QVERIFY(late.text.contains("ETag is \\\"2\\\" now"));
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/a", {}, {{"if-match", "\"1\""}}).status, 412);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/teams/a", {{u"name"_s, u"C"_s}}, {{"if-match", "2"}})
                     .status,
                 400);
    }

    void answersARepeatedRequestAsTheFirstTime()
    {
        const ControlRig::Headers key{{"idempotency-key", "one"}};
        const Got first = m_rig->call("POST", "/ui/api/teams", {{u"name"_s, u"A"_s}}, key);
        const Got second = m_rig->call("POST", "/ui/api/teams", {{u"name"_s, u"A"_s}}, key);
        QCOMPARE(first.status, 201);
        QCOMPARE(second.status, 201);
        QCOMPARE(second.body, first.body);
        QCOMPARE(second.field("idempotent-replayed"), QByteArray("true"));
        QCOMPARE(m_rig->call("GET", "/ui/api/teams").items().size(), 1);

        const Got other = m_rig->call("POST", "/ui/api/teams", {{u"name"_s, u"B"_s}}, key);
        QCOMPARE(other.status, 409);
        QCOMPARE(other.code(), u"idempotency_key_reused"_s);
        m_rig->clock.now += std::chrono::hours(25);
        m_rig->make("/ui/api/teams", {{u"name"_s, u"C"_s}});
        QCOMPARE(
            m_rig->call("POST", "/ui/api/teams", {{u"name"_s, u"B"_s}}, {{"idempotency-key", ""}})
                .status,
            400);
    }

    void namesTheFieldThatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("param");
        const auto row = [](const char *body, int status, const char *param) {
            QTest::newRow(body) << QByteArray(body) << status << QString::fromLatin1(param);
        };
        row("{}", 400, "name");
        row("{\"name\":\" \"}", 400, "name");
        row("{\"name\":7}", 400, "name");
        row("{\"name\":\"a\\nb\"}", 400, "name");
        row("{\"name\":\"A\",\"nmae\":\"A\"}", 400, "nmae");
        row("{\"name\":\"A\",\"blocked\":true}", 400, "blocked");
        row("{\"name\":\"A\",\"revision\":7}", 400, "revision");
        row("{\"name\":\"A\",\"team_id\":\"a/b\"}", 400, "team_id");
        row("{\"name\":\"A\",\"team_id\":\"../a\"}", 400, "team_id");
        row("{\"name\":\"A\",\"models\":[\"m\",\"\"]}", 400, "models[1]");
        row("{\"name\":\"A\",\"organization_id\":\"ghost\"}", 400, "organization_id");
        row("{\"name\":\"A\",\"budget\":{\"max_budget\":-1}}", 400, "budget.max_budget");
        row("{\"name\":\"A\",\"budget\":{\"timezone\":\"Mars/Base\"}}", 400, "budget.timezone");
        row("{\"name\":\"A\",\"budget\":{\"max\":1}}", 400, "budget.max");
        row("{\"name\":\"A\",\"limits\":{\"rpm_limit\":-1}}", 400, "limits.rpm_limit");
        row("{\"name\":\"A\",\"limits\":{\"rpm_limit\":1.5}}", 400, "limits.rpm_limit");
        row("{\"name\":\"A\",\"metadata\":[]}", 400, "metadata");
        row("{\"name\":\"A\",\"metadata\":{\"a\":\"\\u0000\"}}", 400, "metadata");
        row("[]", 400, "");
        row("{\"name\":\"A\",\"name\":\"B\"}", 400, "");
        row("{\"name\":\"A\"", 400, "");
    }
    void namesTheFieldThatIsWrong()
    {
        QFETCH(const QByteArray, body);
        const Got got = m_rig->send(
            "POST", "/ui/api/teams", body,
            {{"authorization", "Bearer " + ControlRig::masterKey.toByteArray()},
             {"content-type", "application/json"}});
        QTEST(got.status, "status");
        QVERIFY2(got.field("content-type") == "application/problem+json", got.text.constData());
        QTEST(got.param(), "param");
        QCOMPARE(got.body.value("request_id"_L1).toString(), u"req_1"_s);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams").items().size(), 0); // Nothing is half done.
        QVERIFY(m_rig->store.loadBudgets().value().empty());
    }

    void takesNoBodyOfAnotherType()
    {
        const auto as = [this](const QByteArray &type) {
            return m_rig
                ->send("POST", "/ui/api/teams", "{\"name\":\"A\"}",
                       {{"authorization", "Bearer " + ControlRig::masterKey.toByteArray()},
                        {"content-type", type}})
                .status;
        };
        QCOMPARE(as("text/plain"), 400);
        QCOMPARE(as("application/x-www-form-urlencoded"), 400);
        QCOMPARE(as("application/json; charset=utf-8"), 201);
    }

    void refusesASecondOneWithTheSameId()
    {
        m_rig->make("/ui/api/teams", team(u"a"_s));
        const Got again = m_rig->call("POST", "/ui/api/teams", team(u"a"_s));
        QCOMPARE(again.status, 409);
        QCOMPARE(again.param(), u"team_id"_s);
        m_rig->make("/ui/api/users", {{u"email"_s, u"ann@example.com"_s}});
        const Got other = m_rig->call("POST", "/ui/api/users",
                                      {{u"email"_s, u"ann@example.com"_s}});
        QCOMPARE(other.status, 409);
        QCOMPARE(other.param(), u"email"_s);
        m_rig->make("/ui/api/users", {{u"name"_s, u"No address"_s}});
        m_rig->make("/ui/api/users", {{u"name"_s, u"Nor this one"_s}});
    }

    void blocksAndUnblocksWithAReason()
    {
        m_rig->make("/ui/api/teams", team(u"a"_s));
        Got got = m_rig->call("POST", "/ui/api/teams/a/block", {{u"reason"_s, u"Too loud"_s}});
        QCOMPARE(got.body.value("blocked"_L1).toBool(), true);
        QCOMPARE(got.body.value("block_reason"_L1).toString(), u"Too loud"_s);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams?blocked=true").items().size(), 1);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams?blocked=false").items().size(), 0);
        got = m_rig->call("POST", "/ui/api/teams/a/unblock");
        QCOMPARE(got.body.value("blocked"_L1).toBool(), false);
        QVERIFY(got.body.value("block_reason"_L1).isNull());
        QCOMPARE(m_rig->call("POST", "/ui/api/teams/a/block", {{u"why"_s, u"x"_s}}).param(),
                 u"why"_s);
    }

    void keepsAnOrganisationThatStillHasTeams()
    {
        m_rig->make("/ui/api/organizations", {{u"organization_id"_s, u"o"_s}, {u"name"_s, u"O"_s}});
        QJsonObject wish = team(u"a"_s);
        wish.insert("organization_id"_L1, u"o"_s);
        m_rig->make("/ui/api/teams", wish);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/organizations/o").status, 409);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/a").status, 204);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/organizations/o").status, 204);
    }

    void makesMembersOfUsersAndForgetsThemWithTheTeam()
    {
        m_rig->make("/ui/api/teams", team(u"a"_s));
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}, {u"name"_s, u"Ann"_s}});
        const QJsonObject ann{{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_member"_s}};
        QCOMPARE(m_rig->call("POST", "/ui/api/teams/a/members", ann).status, 201);
        QCOMPARE(m_rig->call("POST", "/ui/api/teams/a/members", ann).status, 409);
        QCOMPARE(
            m_rig->call("POST", "/ui/api/teams/a/members", {{u"user_id"_s, u"ghost"_s}}).param(),
            u"user_id"_s);

        Got got = m_rig->call("PATCH", "/ui/api/teams/a/members/ann",
                              {{u"role"_s, u"team_admin"_s}});
        QCOMPARE(got.body.value("role"_L1).toString(), u"team_admin"_s);
        got = m_rig->call("GET", "/ui/api/users/ann");
        QCOMPARE(got.body.value("teams"_L1).toArray().size(), 1);
        QCOMPARE(m_rig->call("GET", "/ui/api/teams/a").body.value("member_count"_L1).toInt(), 1);
        QCOMPARE(m_rig->call("GET", "/ui/api/users?team_id=a").items().size(), 1);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/teams/a").status, 204);
        QCOMPARE(m_rig->call("GET", "/ui/api/users/ann").body.value("teams"_L1).toArray().size(),
                 0);
        m_rig->make("/ui/api/teams", team(u"a"_s));
        QCOMPARE(m_rig->call("GET", "/ui/api/teams/a/members").items().size(), 0);
    }

    void letsNobodyRaiseThemselves()
    {
        m_rig->make("/ui/api/organizations", {{u"organization_id"_s, u"o"_s}, {u"name"_s, u"O"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"bob"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"root"_s}, {u"role"_s, u"platform_admin"_s}});
        m_rig->make("/ui/api/organizations/o/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"org_admin"_s}});
        m_rig->make("/ui/api/organizations/o/members",
                    {{u"user_id"_s, u"bob"_s}, {u"role"_s, u"org_owner"_s}});

        const QByteArray members = "/ui/api/organizations/o/members/";
        QCOMPARE(
            m_rig->callAs("ann", "PATCH", members + "ann", {{u"role"_s, u"org_owner"_s}}).status,
            403);
        QCOMPARE(
            m_rig->callAs("ann", "PATCH", members + "bob", {{u"role"_s, u"org_viewer"_s}}).status,
            403);
        QCOMPARE(m_rig->callAs("ann", "DELETE", members + "bob").status, 403);
        QCOMPARE(m_rig->callAs("bob", "DELETE", members + "bob").status,
                 409); // The last owner stays.
        QCOMPARE(
            m_rig->callAs("bob", "PATCH", members + "ann", {{u"role"_s, u"org_owner"_s}}).status,
            200);
        QCOMPARE(m_rig->callAs("bob", "DELETE", members + "bob").status, 204);
        QCOMPARE(
            m_rig->callAs("root", "PATCH", "/ui/api/users/root", {{u"role"_s, u"none"_s}}).param(),
            u"role"_s);
    }

    void movesATeamOnlyWhereTheCallerMayMakeOne()
    {
        for (const QString &id : {u"o"_s, u"p"_s}) {
            m_rig->make("/ui/api/organizations", {{u"organization_id"_s, id}, {u"name"_s, id}});
        }
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/organizations/o/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"org_owner"_s}});
        QJsonObject wish = team(u"a"_s);
        wish.insert("organization_id"_L1, u"o"_s);
        QCOMPARE(m_rig->callAs("ann", "POST", "/ui/api/teams", wish).status, 201);
        const Got moved = m_rig->callAs("ann", "PATCH", "/ui/api/teams/a",
                                        {{u"organization_id"_s, u"p"_s}});
        QCOMPARE(moved.status, 403);
        QCOMPARE(moved.param(), u"organization_id"_s);
        QCOMPARE(
            m_rig->callAs("ann", "PATCH", "/ui/api/teams/a", {{u"organization_id"_s, QJsonValue()}})
                .status,
            403);
        QCOMPARE(m_rig->call("PATCH", "/ui/api/teams/a", {{u"organization_id"_s, u"p"_s}}).status,
                 200);
        QCOMPARE(m_rig->callAs("ann", "GET", "/ui/api/teams/a").status, 404);
    }

    void stopsABlockedUserAtOnce()
    {
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"root"_s}, {u"role"_s, u"platform_admin"_s}});
        QCOMPARE(m_rig->callAs("root", "GET", "/ui/api/teams").status, 200);
        QCOMPARE(m_rig->call("POST", "/ui/api/users/root/block").status, 200);
        QCOMPARE(m_rig->callAs("root", "GET", "/ui/api/teams").status, 403);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/users/root").status, 204);
        QCOMPARE(m_rig->callAs("root", "GET", "/ui/api/teams").status, 401);
    }

    void keepsTheLastAdminFromBeingBlockedInAConsole()
    {
        for (const QString &id : {u"ann"_s, u"bob"_s}) {
            m_rig->make("/ui/api/users", {{u"user_id"_s, id}, {u"role"_s, u"platform_admin"_s}});
        }
        QCOMPARE(m_rig->callAs("ann", "POST", "/ui/api/users/bob/block").status, 200);
        const Got got = m_rig->callAs("ann", "POST", "/ui/api/users/ann/block");
        QCOMPARE(got.status, 409);
        QVERIFY(got.text.contains("last platform admin"));
        QCOMPARE(m_rig->callAs("ann", "GET", "/ui/api/teams").status, 200);
        QCOMPARE(m_rig->call("POST", "/ui/api/users/ann/block").status,
                 200); // With the master key.
    }

    void keepsTheLastAdminFromBeingRemovedInAConsole()
    {
        for (const QString &id : {u"ann"_s, u"bob"_s}) {
            m_rig->make("/ui/api/users", {{u"user_id"_s, id}, {u"role"_s, u"platform_admin"_s}});
        }
        QCOMPARE(
            m_rig->callAs("ann", "PATCH", "/ui/api/users/bob", {{u"role"_s, u"none"_s}}).status,
            200);
        const Got got = m_rig->callAs("ann", "DELETE", "/ui/api/users/ann");
        QCOMPARE(got.status, 409);
        QVERIFY(got.text.contains("last platform admin"));
        QCOMPARE(m_rig->callAs("ann", "DELETE", "/ui/api/users/bob").status, 204);
        QCOMPARE(m_rig->call("DELETE", "/ui/api/users/ann").status, 204); // With the master key.
    }

    void tellsAConsoleWhoAsksAndWhatTheyMayDo()
    {
        m_rig->make("/ui/api/teams", team(u"a"_s));
        m_rig->make("/ui/api/users",
                    {{u"user_id"_s, u"ann"_s}, {u"email"_s, u"ann@example.com"_s}});
        m_rig->make("/ui/api/teams/a/members",
                    {{u"user_id"_s, u"ann"_s}, {u"role"_s, u"team_viewer"_s}});
        const auto callerOf = [](const Got &got) { return got.body.value("caller"_L1).toObject(); };
        const QJsonObject ann = callerOf(m_rig->callAs("ann", "GET", "/ui/api/bootstrap"));
        QCOMPARE(ann.value("name"_L1).toString(), u"ann@example.com"_s);
        QCOMPARE(ann.value("teams"_L1).toArray().size(), 1);
        QVERIFY(ann.value("permissions"_L1).toArray().contains(u"team.read"_s));
        QVERIFY(!ann.value("permissions"_L1).toArray().contains(u"team.update"_s));
        const QJsonObject master = callerOf(m_rig->call("GET", "/ui/api/bootstrap"));
        QCOMPARE(master.value("permissions"_L1).toArray().size(),
                 enumNames(admin::Permission()).size());
        const Got nobody = m_rig->send("GET", "/ui/api/bootstrap", {}, {});
        QCOMPARE(nobody.status, 200);
        QCOMPARE(callerOf(nobody).value("kind"_L1).toString(), u"nobody"_s);
        QVERIFY(callerOf(nobody).value("permissions"_L1).toArray().isEmpty());
    }

    void asksWhoIsThere()
    {
        const Got got = m_rig->send("GET", "/ui/api/teams", {}, {});
        QCOMPARE(got.status, 401);
        QCOMPARE(got.code(), u"login_required"_s);
        QCOMPARE(m_rig->send("GET", "/ui/api/openapi.json", {}, {}).status, 200);
    }

private:
    std::unique_ptr<ControlRig> m_rig;
    bool m_isTable = false; ///< The test before was a row of one.
};

QTEST_GUILESS_MAIN(ResourcesTest)
#include "tst_resources.moc"
