// labels: db contract hostile
// links: gateway/http gateway/providers
// services: postgres
// dialects: both
#include "gateway/identity/sso_service.h"
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/admin/scim/scim_samples.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using admin::test::ControlRig;
using admin::test::Got;
using namespace delta::admin::scim::test;

class ScimGroupsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ControlRig>();
        for (const QString &team : {u"research"_s, u"claimed"_s, u"everybody"_s}) {
            m_rig->make("/ui/api/teams", {{u"team_id"_s, team}, {u"name"_s, team}});
        }
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme"_s}});
        m_ann = make("/Users", R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName":"ann@example.com","externalId":"subject-ann"})");
        m_bob = make("/Users", R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName":"bob@example.com"})");
    }

    void makesShowsReplacesAndRemovesAGroup()
    {
        Got got = m_rig->provision("POST", "/Groups",
                                   groupBody("Staff", R"("externalId":"o-1",)" + members({m_ann})));
        QCOMPARE(got.status, 201);
        QCOMPARE(got.field("etag"), QByteArray("W/\"1\""));
        const QByteArray path = "/Groups/" + got.body.value("id"_L1).toString().toLatin1();
        const QJsonObject member = got.body.value("members"_L1).toArray().first().toObject();
        QCOMPARE(member.value("value"_L1).toString(), m_ann);
        QCOMPARE(member.value("display"_L1).toString(), u"ann@example.com"_s);
        QCOMPARE(m_rig->provision("GET", "/Users/" + m_ann.toLatin1())
                     .body.value("groups"_L1)
                     .toArray()
                     .first()["display"_L1]
                     .toString(),
                 u"Staff"_s);

        got = m_rig->provision("PUT", path, groupBody("Crew", members({m_bob})));
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body.value("members"_L1).toArray().size(), 1);
        QVERIFY(!got.body.contains("externalId"_L1));
        QCOMPARE(m_rig->provision("PUT", path, groupBody("X"), {{"if-match", "W/\"1\""}}).status,
                 412);
        QCOMPARE(m_rig->provision("DELETE", path).status, 204);
        QCOMPARE(m_rig->provision("GET", path).status, 404);
        QVERIFY(!m_rig->provision("GET", "/Users/" + m_ann.toLatin1()).body.contains("groups"_L1));
    }

    void listsGroupsWithAndWithoutTheirMembers()
    {
        make("/Groups", groupBody("One", members({m_ann})));
        make("/Groups", groupBody("Two", members({m_ann, m_bob})));
        const auto list = [this](const QByteArray &query) {
            return m_rig->provision("GET", "/Groups?" + query).body.value("Resources"_L1).toArray();
        };
        const QByteArray two = "filter=" + QByteArray("displayName eq \"two\"").toPercentEncoding();
        QCOMPARE(list(two).size(), 1);
        QCOMPARE(list(two).first()["members"_L1].toArray().size(), 2);
        QVERIFY(list(two + "&excludedAttributes=members").first()["members"_L1].isUndefined());
        const QByteArray bobs = "filter="
            + QByteArray("members[value eq \"" + m_bob.toLatin1() + "\"]").toPercentEncoding();
        QCOMPARE(list(bobs).size(), 1);
        QCOMPARE(list("count=1").size(), 1);
    }

    void givesTheRoleThatTheConfigurationSays()
    {
        const QString group = make("/Groups", groupBody("Admins", members({m_ann})));
        QCOMPARE(userOf(m_ann).value("role"_L1).toString(), u"platform_admin"_s);
        QCOMPARE(userOf(m_bob).value("role"_L1).toString(), u"none"_s);
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"root"_s}, {u"role"_s, u"platform_admin"_s}});
        QCOMPARE(patch(group,
                       R"([{"op":"remove","path":"members"},
            {"op":"add","path":"members","value":[{"value":")"
                           + m_bob.toLatin1() + R"("}]}])")
                     .status,
                 204);
        QCOMPARE(userOf(m_ann).value("role"_L1).toString(), u"none"_s);
        QCOMPARE(userOf(m_bob).value("role"_L1).toString(), u"platform_admin"_s);
        // Another name means something else, or nothing.
        patch(group, R"([{"op":"replace","path":"displayName","value":"Nothing"}])");
        QCOMPARE(userOf(m_bob).value("role"_L1).toString(), u"none"_s);
    }

    void keepsTheLastAdminInTheRole()
    {
        const QString group = make("/Groups", groupBody("Admins", members({m_ann})));
        for (const Got &got : {m_rig->provision("DELETE", "/Groups/" + group.toLatin1()),
                               patch(group, R"([{"op":"remove","path":"members"}])")}) {
            QCOMPARE(got.status, 409);
            QVERIFY(got.text.contains("last platform admin"));
        }
        QCOMPARE(userOf(m_ann).value("role"_L1).toString(), u"platform_admin"_s);
        QCOMPARE(m_rig->provision("GET", "/Groups/" + group.toLatin1())
                     .body.value("members"_L1)
                     .toArray()
                     .size(),
                 1); // Nothing of it has happened.
    }

    void givesPlacesInTeamsAndOrganisationsByNameAndById()
    {
        const QString group = make(
            "/Groups", groupBody("Whatever", R"("externalId":"object-7",)" + members({m_ann})));
        QCOMPARE(teamRole(u"research"_s, m_ann), u"team_admin"_s);
        make("/Groups", groupBody("Researchers", members({m_ann, m_bob})));
        QCOMPARE(teamRole(u"research"_s, m_ann), u"team_admin"_s); // The one that may do most.
        QCOMPARE(teamRole(u"research"_s, m_bob), u"team_member"_s);
        m_rig->provision("DELETE", "/Groups/" + group.toLatin1());
        QCOMPARE(teamRole(u"research"_s, m_ann), u"team_member"_s);

        const QString owners = make("/Groups", groupBody("Owners", members({m_bob})));
        const QByteArray acme = "/ui/api/organizations/acme/members";
        QCOMPARE(m_rig->call("GET", acme).items().first()["role"_L1].toString(), u"org_owner"_s);
        m_rig->provision("DELETE", "/Groups/" + owners.toLatin1());
        QVERIFY(m_rig->call("GET", acme).items().isEmpty());

        QStringList actions;
        for (const QJsonValue event :
             m_rig->call("GET", "/ui/api/audit/events?actor_kind=scim").items()) {
            actions.prepend(event["action"_L1].toString());
        }
        QCOMPARE(actions,
                 QStringList({u"user.create"_s, u"user.create"_s, u"team_member.add"_s,
                              u"scim_group.create"_s, u"team_member.add"_s, u"scim_group.create"_s,
                              u"team_member.update"_s, u"scim_group.delete"_s,
                              u"organization_member.add"_s, u"scim_group.create"_s,
                              u"organization_member.remove"_s, u"scim_group.delete"_s}));
    }

    void takesPlacesAwayWithTheUser()
    {
        make("/Groups", groupBody("Researchers", members({m_ann})));
        m_rig->makeKey({{u"name"_s, u"k"_s}, {u"user_id"_s, m_ann}, {u"team_id"_s, u"research"_s}});
        QCOMPARE(m_rig->provision("DELETE", "/Users/" + m_ann.toLatin1()).status, 204);
        QCOMPARE(teamRole(u"research"_s, m_ann), QString());
        QCOMPARE(m_rig->call("GET", "/ui/api/keys").items().first()["blocked"_L1],
                 QJsonValue(true));
    }

    void makesWhoIsNewAViewerOfTheirTeam()
    {
        QCOMPARE(teamRole(u"everybody"_s, m_ann), u"team_viewer"_s);
    }

    // A token may tell of groups that the directory does not tell of, and need not tell of those that it does.
    void agreesWithWhatALoginSays()
    {
        make("/Groups", groupBody("Researchers", members({m_ann})));
        make("/Groups", groupBody("Admins", members({m_bob})));
        auto &logins = m_rig->logins;
        identity::SsoService sso(logins.parts, logins.sessions, ControlRig::scimSettings().people);
        auth::OidcIdentity who{.issuer = u"https://login.example.com"_s,
                               .subject = u"subject-ann"_s,
                               .email = {},
                               .isEmailVerified = false,
                               .name = {},
                               .groups = QStringList{u"Claimed"_s, u"Admins"_s}};
        const auto session = sso.welcome(who, {}); // Known by the directory's own id.
        QVERIFY2(session, session ? "" : qPrintable(session.error().message));
        QCOMPARE(session->session.userId, m_ann);
        QCOMPARE(teamRole(u"research"_s, m_ann), u"team_member"_s);
        QCOMPARE(teamRole(u"claimed"_s, m_ann), u"team_member"_s);
        QCOMPARE(userOf(m_ann).value("role"_L1).toString(), u"none"_s);
        // What a login said of other groups stays when the directory changes its own.
        make("/Groups", groupBody("Owners", members({m_ann})));
        QCOMPARE(teamRole(u"claimed"_s, m_ann), u"team_member"_s);
        who.subject = u"somebody else"_s;
        QVERIFY(!sso.welcome(who, {}));
    }

    void refusesBodiesThatAreNoGroup_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &body, int status) {
            QTest::newRow(name) << body << status;
        };
        row("no name", R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]})", 400);
        row("the schema of users",
            R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"displayName":"G"})", 400);
        row("a member that is no user", groupBody("G", members({u"nobody"_s})), 400);
        row("a member without an id", groupBody("G", R"("members":[{"display":"x"},{"value":""}])"),
            201);
        row("members that are no list", groupBody("G", R"("members":"ann")"), 400);
        row("a name that is taken", groupBody("taken"), 409);
    }
    void refusesBodiesThatAreNoGroup()
    {
        QFETCH(const QByteArray, body);
        QFETCH(const int, status);
        make("/Groups", groupBody("Taken"));
        const Got got = m_rig->provision("POST", "/Groups", body);
        QCOMPARE(got.status, status);
        QCOMPARE(m_rig->provision("GET", "/Groups").body.value("totalResults"_L1).toInt(),
                 status == 201 ? 2 : 1);
    }

private:
    QString make(const QByteArray &target, const QByteArray &body)
    {
        const Got got = m_rig->provision("POST", target, body);
        return got.status == 201 ? got.body.value("id"_L1).toString() : QString::fromUtf8(got.text);
    }
    Got patch(const QString &group, const QByteArray &operations)
    {
        return m_rig->provision("PATCH", "/Groups/" + group.toLatin1(), patchBody(operations));
    }
    QJsonObject userOf(const QString &id)
    {
        return m_rig->call("GET", "/ui/api/users/" + id.toLatin1()).body;
    }
    QString teamRole(const QString &team, const QString &user)
    {
        for (const QJsonValue member :
             m_rig->call("GET", "/ui/api/teams/" + team.toLatin1() + "/members").items()) {
            if (member["user_id"_L1].toString() == user) {
                return member["role"_L1].toString();
            }
        }
        return {};
    }

    std::unique_ptr<ControlRig> m_rig;
    QString m_ann;
    QString m_bob;
};

QTEST_GUILESS_MAIN(ScimGroupsTest)
#include "tst_scim_groups.moc"
