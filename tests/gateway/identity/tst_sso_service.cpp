// labels: unit db
// services: postgres
// dialects: both
#include "gateway/identity/sso_service.h"
#include "tests/gateway/identity/identity_rig.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::identity;
using namespace delta::identity::test;

class SsoServiceTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<IdentityRig> m_rig;
    std::unique_ptr<SsoService> m_service;
    auth::OidcSettings m_settings;
    auth::OidcIdentity m_ada{.issuer = u"https://login.example.com"_s,
                             .subject = u"7"_s,
                             .email = u"ada@example.com"_s,
                             .isEmailVerified = true,
                             .name = u"Ada"_s,
                             .groups = {}};

    static void check(const Result<void> &done)
    {
        QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().detail));
    }
    void addTeam(const QString &id)
    {
        check(m_rig->store.change([&](store::ControlTables &tables) {
            Team team;
            team.id = id;
            team.name = id;
            return tables.teams.insert(team);
        }));
    }
    void logIn(const std::optional<QStringList> &groups)
    {
        m_ada.groups = groups;
        const auto session = m_service->welcome(m_ada, {});
        QVERIFY2(session, session ? "" : qPrintable(session.error().detail));
    }
    [[nodiscard]] User ada()
    {
        std::optional<User> found;
        check(m_rig->store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(found, tables.userByEmail(m_ada.email));
            return {};
        }));
        return found.value_or(User());
    }
    /// Returns "team role" for each.
    [[nodiscard]] QStringList places()
    {
        QStringList found;
        const QString id = ada().id;
        check(m_rig->store.look([&](store::ControlTables &tables) -> Result<void> {
            TRY(const store::Memberships memberships, tables.membershipsOf(id));
            for (const TeamMember &member : memberships.teams) {
                found.append(member.teamId + u' ' + enumName(member.role));
            }
            for (const OrganizationMember &member : memberships.organizations) {
                found.append(member.organizationId + u' ' + enumName(member.role));
            }
            return {};
        }));
        found.sort();
        return found;
    }
    /// Returns what the audit log has but logins.
    [[nodiscard]] QList<AuditEvent> changes()
    {
        QList<AuditEvent> events;
        check(m_rig->store.eachAuditEvent([&events](const AuditEvent &event) {
            if (event.action != u"login"_s) {
                events.append(event);
            }
        }));
        return events;
    }
    [[nodiscard]] QStringList actions()
    {
        QStringList actions;
        for (const AuditEvent &event : changes()) {
            actions.append(event.action);
        }
        return actions;
    }

private Q_SLOTS:
    void init()
    {
        m_service.reset();
        m_rig.reset();
        m_rig = std::make_unique<IdentityRig>();
        m_settings = {};
        m_settings.groupRoles = {{u"admins"_s, u"platform_admin"_s},
                                 {u"research"_s, u"team:research:team_member"_s},
                                 {u"leads"_s, u"team:research:team_admin"_s},
                                 {u"owners"_s, u"organization:acme:org_owner"_s}};
        m_settings.defaultTeam = u"everybody"_s;
        m_service = std::make_unique<SsoService>(m_rig->ground, m_rig->sessions, m_settings);
        addTeam(u"everybody"_s);
        addTeam(u"research"_s);
        check(m_rig->store.change([](store::ControlTables &tables) {
            Organization organization;
            organization.id = u"acme"_s;
            organization.name = u"Acme"_s;
            return tables.organizations.insert(organization);
        }));
    }
    void cleanup()
    {
        m_service.reset();
        m_rig.reset();
    }

    void makesANewUserAViewerOfTheDefaultTeamAndRecordsIt()
    {
        logIn(QStringList());
        QCOMPARE(places(), QStringList{u"everybody team_viewer"_s});
        QCOMPARE(actions(),
                 (QStringList{u"user.create"_s, u"team_member.add"_s, u"identity.link"_s}));
        const AuditEvent added = changes().at(1);
        QCOMPARE(added.actorKind, AuditActor::Sso);
        QCOMPARE(added.targetKind, u"team_member"_s);
        QCOMPARE(added.targetId, ada().id);
        QCOMPARE(added.teamId, u"everybody"_s);
        QCOMPARE(added.after[u"role"_s].toString(), u"team_viewer"_s);
    }

    void writesOnlyWhatDiffers()
    {
        logIn(QStringList{u"research"_s, u"owners"_s});
        QCOMPARE(places(),
                 (QStringList{u"acme org_owner"_s, u"everybody team_viewer"_s,
                              u"research team_member"_s}));
        const QStringList before = actions();
        logIn(QStringList{u"research"_s, u"owners"_s});
        QCOMPARE(actions(), before);
        logIn(QStringList{u"research"_s, u"leads"_s, u"owners"_s});
        QCOMPARE(actions(), before + QStringList{u"team_member.update"_s});
        const AuditEvent updated = changes().constLast();
        QCOMPARE(updated.before[u"role"_s].toString(), u"team_member"_s);
        QCOMPARE(updated.after[u"role"_s].toString(), u"team_admin"_s);
        QVERIFY(places().contains(u"research team_admin"_s));
    }

    void takesAwayWhatNoGroupSaysAnyMore()
    {
        logIn(QStringList{u"research"_s, u"owners"_s});
        const QStringList before = actions();
        logIn(QStringList());
        QCOMPARE(places(), QStringList{u"everybody team_viewer"_s});
        QStringList added = actions().sliced(before.size());
        added.sort();
        QCOMPARE(added, (QStringList{u"organization_member.remove"_s, u"team_member.remove"_s}));
    }

    void keepsEverythingWhereTheProviderSaysNothingOfGroups()
    {
        logIn(QStringList{u"admins"_s, u"research"_s});
        const QStringList before = actions();
        const QStringList where = places();
        logIn(std::nullopt);
        QCOMPARE(places(), where);
        QCOMPARE(ada().role, PlatformRole::Admin);
        QCOMPARE(actions(), before);
    }

    void passesOverPlacesThatAreNotThere()
    {
        m_settings.groupRoles = {{u"a"_s, u"team:gone:team_member"_s},
                                 {u"b"_s, u"organization:gone:org_viewer"_s}};
        m_settings.defaultTeam = u"gone"_s;
        SsoService service(m_rig->ground, m_rig->sessions, m_settings);
        m_ada.groups = QStringList{u"a"_s, u"b"_s};
        QVERIFY(service.welcome(m_ada, {}));
        QCOMPARE(places(), QStringList());
    }

    void leavesTheLastPlatformAdminTheirRole()
    {
        logIn(QStringList{u"admins"_s});
        QCOMPARE(ada().role, PlatformRole::Admin);
        logIn(QStringList());
        QCOMPARE(ada().role, PlatformRole::Admin);
        const AuditEvent denied = changes().constLast();
        QCOMPARE(denied.action, u"user.update"_s);
        QCOMPARE(denied.outcome, AuditOutcome::Denied);
        QVERIFY(!denied.reason.isEmpty());
    }

    void takesTheRoleOfAnAdminWhoIsNotTheLast_data()
    {
        QTest::addColumn<bool>("isOtherBlocked");
        QTest::newRow("there is another") << false;
        QTest::newRow("the other is blocked") << true;
    }
    void takesTheRoleOfAnAdminWhoIsNotTheLast()
    {
        QFETCH(const bool, isOtherBlocked);
        logIn(QStringList{u"admins"_s});
        check(m_rig->store.change([&](store::ControlTables &tables) {
            User other;
            other.id = u"admin"_s;
            other.role = PlatformRole::Admin;
            other.block.isBlocked = isOtherBlocked;
            return tables.users.insert(other);
        }));
        logIn(QStringList());
        QCOMPARE(ada().role, isOtherBlocked ? PlatformRole::Admin : PlatformRole::None);
    }
};

QTEST_GUILESS_MAIN(SsoServiceTest)
#include "tst_sso_service.moc"
