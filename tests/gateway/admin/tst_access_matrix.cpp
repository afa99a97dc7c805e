// labels: db contract hostile
// links: gateway/http gateway/providers
#include "gateway/admin/access/access_table.h"
#include "gateway/admin/access/field_table.h"
#include "gateway/admin/access/places.h"
#include "gateway/admin/access/role_table.h"
#include "gateway/store/alert_outbox.h"
#include "tests/gateway/admin/control_rig.h"

#include <QHash>
#include <QTest>

#include <algorithm>
#include <span>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

/// Whose permissions count where.
enum class Standing { Nobody, Everywhere, Organization, Team };

/// Somebody who knocks at every door.
struct Guest {
    QByteArray name;
    Standing standing = Standing::Nobody;
    std::span<const Permission> permissions;
    bool isMaster = false;
};

std::vector<Guest> guests()
{
    return {
        {"nobody", Standing::Nobody, {}},
        {"stranger", Standing::Nobody, {}}, // A user without a place anywhere.
        {"master", Standing::Everywhere, rolePermissions(PlatformRole::Admin), true},
        {"platform_admin", Standing::Everywhere, rolePermissions(PlatformRole::Admin)},
        {"platform_viewer", Standing::Everywhere, rolePermissions(PlatformRole::Viewer)},
        {"org_owner", Standing::Organization, rolePermissions(OrganizationRole::Owner)},
        {"org_admin", Standing::Organization, rolePermissions(OrganizationRole::Admin)},
        {"org_viewer", Standing::Organization, rolePermissions(OrganizationRole::Viewer)},
        {"team_admin", Standing::Team, rolePermissions(TeamRole::Admin)},
        {"team_member", Standing::Team, rolePermissions(TeamRole::Member)},
        {"team_viewer", Standing::Team, rolePermissions(TeamRole::Viewer)},
    };
}

bool holds(const Guest &guest, Permission permission)
{
    return std::ranges::contains(guest.permissions, permission);
}

/// Who may do something with their own somewhere gets through a route that is about many objects.
bool holdsForOwn(const Guest &guest, Permission permission)
{
    switch (permission) {
    case Permission::KeyRead:
    case Permission::KeyUpdate:
        return holds(guest, Permission::KeyOwn);
    case Permission::SpendRead:
        return holds(guest, Permission::SpendOwn);
    default:
        return false;
    }
}

/// What the tables say about a guest and an object: worked out of the roles alone, not by the code under test.
bool isAllowed(const Guest &guest, const AccessRow &row, Permission permission, bool isOwn)
{
    if (guest.standing == Standing::Everywhere) {
        return holds(guest, permission);
    }
    const bool isInTeam = row.place == Place::Team || row.place == Place::ServiceAccount
        || row.place == Place::User || row.place == Place::Key || row.place == Place::InTeam
        || row.place == Place::OfOwner;
    const bool isInOrganization = isInTeam || row.place == Place::Organization
        || row.place == Place::InOrganization;
    const bool counts = (guest.standing == Standing::Organization && isInOrganization)
        || (guest.standing == Standing::Team && isInTeam);
    return row.place == Place::Reach ? holds(guest, permission) || holdsForOwn(guest, permission)
                                     : isOwn && counts && holds(guest, permission);
}

/// Ids of keys, which the gateway makes, by the side that they are on.
QHash<QByteArray, QByteArray> keyIds;

QByteArray pathOf(const AccessRow &row, const QByteArray &side)
{
    QByteArray path = row.pattern.toByteArray();
    path.replace("{organization_id}", side + "-org");
    path.replace("{team_id}", side + "-team");
    path.replace("{service_account_id}", side + "-account");
    path.replace("{key_id}", keyIds.value(side));
    path.replace("{call_id}", "1");
    path.replace("{sequence}", "1");
    path.replace("{credential_id}", side + "-credential");
    path.replace("{deployment_id}", side + "-deployment");
    path.replace("{guardrail_id}", side + "-guardrail");
    path.replace("{route_group_id}", side + "-group");
    path.replace("{end_user_id}", side + "-customer");
    path.replace("{budget_id}", side + "-budget");
    path.replace("{alert_rule_id}", side + "-rule");
    path.replace("{delivery_id}", side + "-alert.email");
    path.replace("{version}", "1");
    // A member's second name comes behind the group's; that of nobody changes nothing.
    const bool isMember = path.contains("/members/");
    path.replace("{user_id}", isMember ? QByteArray("ghost") : side + "-user");
    return path;
}

/// A body that is refused for its content, once it got so far.
QJsonObject bodyFor(const AccessRow &row, const QByteArray &side)
{
    if (row.method != "POST") {
        return {};
    }
    if (row.place == Place::InOrganization) {
        return {{u"organization_id"_s, QString::fromLatin1(side + "-org")}};
    }
    if (row.place == Place::InTeam || row.place == Place::OfOwner) {
        return {{u"team_id"_s, QString::fromLatin1(side + "-team")}};
    }
    return row.pattern.endsWith("/members") ? QJsonObject{{u"user_id"_s, u"ghost"_s}}
                                            : QJsonObject();
}

/// A request to a route of LiteLLM's that is refused for its content, or its If-Match, once it got so far.
struct Knock {
    QByteArray target;
    QJsonObject body;
};

QHash<QByteArray, Knock> customerKnocks(const QString &customer)
{
    return {
        {"/customer/new", {{}, {{u"user_id"_s, u"a\nb"_s}}}},
        {"/customer/update", {{}, {{u"user_id"_s, customer}, {u"max_budget"_s, -1}}}},
        {"/customer/delete", {{}, {{u"user_ids"_s, QJsonArray{customer}}}}},
        {"/customer/block", {{}, {{u"user_ids"_s, QJsonArray{customer}}}}},
        {"/customer/unblock", {{}, {{u"user_ids"_s, QJsonArray{customer}}}}},
        {"/customer/info", {"?end_user_id=" + customer.toLatin1(), {}}},
        {"/customer/list", {}},
    };
}

Knock knockFor(const AccessRow &row, const QString &side)
{
    const QString team = side + u"-team"_s;
    const QString organization = side + u"-org"_s;
    const QByteArray pattern = row.pattern.toByteArray();
    const QJsonObject ghost{{u"user_id"_s, u"ghost"_s}, {u"role"_s, u"internal_user"_s}};
    const QString key = QString::fromLatin1(keyIds.value(side.toLatin1()));
    const QString deployment = side + u"-deployment"_s;
    const QJsonObject ofModel{{u"id"_s, deployment}};
    QHash<QByteArray, Knock> knocks{
        {"/team/new", {{}, {{u"organization_id"_s, organization}, {u"team_alias"_s, u""_s}}}},
        {"/team/update", {{}, {{u"team_id"_s, team}, {u"team_alias"_s, u""_s}}}},
        {"/team/delete", {{}, {{u"team_ids"_s, QJsonArray{team}}}}},
        {"/team/info", {"?team_id=" + team.toLatin1(), {}}},
        {"/team/list", {}},
        {"/team/member_add", {{}, {{u"team_id"_s, team}, {u"member"_s, ghost}}}},
        {"/team/member_delete", {{}, {{u"team_id"_s, team}, {u"user_id"_s, u"ghost"_s}}}},
        {"/organization/new", {{}, {{u"organization_alias"_s, u""_s}}}},
        {"/organization/update",
         {{}, {{u"organization_id"_s, organization}, {u"organization_alias"_s, u""_s}}}},
        {"/organization/delete", {{}, {{u"organization_ids"_s, QJsonArray{organization}}}}},
        {"/organization/info", {"?organization_id=" + organization.toLatin1(), {}}},
        {"/organization/list", {}},
        {"/user/new", {{}, {{u"user_id"_s, u"a b"_s}}}},
        {"/user/update", {{}, {{u"user_id"_s, side + u"-user"_s}, {u"user_email"_s, u"x"_s}}}},
        {"/user/delete", {{}, {{u"user_ids"_s, QJsonArray{side + u"-user"_s}}}}},
        {"/user/info", {"?user_id=" + side.toLatin1() + "-user", {}}},
        {"/user/list", {}},
        {"/global/spend/end_users", {}},
        {"/key/generate", {{}, {{u"team_id"_s, team}, {u"key_alias"_s, u"a\nb"_s}}}},
        {"/key/update", {{}, {{u"key"_s, key}, {u"key_alias"_s, u"a\nb"_s}}}},
        {"/key/delete", {{}, {{u"keys"_s, QJsonArray{key}}}}},
        {"/key/info", {"?key=" + key.toLatin1(), {}}},
        {"/key/list", {}},
        {"/key/block", {{}, {{u"key"_s, key}}}},
        {"/key/unblock", {{}, {{u"key"_s, key}}}},
        {"/key/regenerate", {{}, {{u"key"_s, key}}}},
        {"/key/{key}/regenerate", {}},
        {"/model/new", {{}, {{u"model_name"_s, u"m"_s}}}},
        {"/model/update", {{}, {{u"model_info"_s, ofModel}, {u"model_name"_s, u"m"_s}}}},
        {"/model/delete", {{}, {{u"id"_s, deployment}}}},
        {"/model/info", {}},
        {"/v1/model/info", {}},
        {"/model_group/info", {}},
        {"/spend/calculate", {{}, {{u"model"_s, u"m"_s}, {u"messages"_s, QJsonArray()}}}},
        {"/organization/member_add",
         {{}, {{u"organization_id"_s, organization}, {u"member"_s, ghost}}}},
        {"/organization/member_delete",
         {{}, {{u"organization_id"_s, organization}, {u"user_id"_s, u"ghost"_s}}}},
    };
    knocks.insert(customerKnocks(side + u"-customer"_s));
    if (row.method == "GET" && pattern.contains("spend")) {
        return {pattern, {}};
    }
    if (!knocks.contains(pattern)) {
        qFatal("no request is known for %s", pattern.constData());
    }
    const Knock found = knocks.value(pattern);
    return {QByteArray(pattern).replace("{key}", key.toLatin1()) + found.target, found.body};
}

} // namespace

class AccessMatrixTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_rig = std::make_unique<ControlRig>();
        m_rig->isEnding = true; // Who listens hears the beginning only.
        for (const QByteArray &side : {QByteArray("own"), QByteArray("foreign")}) {
            build(QString::fromLatin1(side));
        }
        for (const Guest &guest : guests()) {
            settle(guest);
        }
    }

    void opensEveryDoorToThoseOnTheListAndToNobodyElse()
    {
        int checks = 0;
        for (const AccessRow &row : accessTable()) {
            if (!row.pattern.startsWith("/ui/api/") || row.entry != Entry::Permitted) {
                continue;
            }
            for (const Guest &guest : guests()) {
                for (const bool isOwn : {true, false}) {
                    const QString wrong = knock(row, guest, isOwn);
                    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
                    ++checks;
                }
            }
        }
        qInfo("%d checks of routes", checks);
        QVERIFY(checks >= 2'000);
    }

    void opensTheDoorsOfLiteLlmToThoseForWhomItsStepsAreOpen()
    {
        int checks = 0;
        for (const AccessRow &row : accessTable()) {
            if (row.entry != Entry::Delegated) {
                continue;
            }
            for (const Guest &guest : guests()) {
                for (const bool isOwn : {true, false}) {
                    const QString wrong = knockOfLiteLlm(row, guest, isOwn);
                    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
                    ++checks;
                }
            }
        }
        qInfo("%d checks of delegated routes", checks);
        QVERIFY(checks >= 1'000);
    }

    void letsEachFieldBeSetOnlyByThoseOnTheList()
    {
        int checks = 0;
        for (const AccessRow &row : accessTable()) {
            if (row.object.isEmpty()) {
                continue;
            }
            for (const FieldRow &field : fieldTable()) {
                for (const Guest &guest : guests()) {
                    if (field.object == row.object && isAllowed(guest, row, row.permission, true)) {
                        const QString wrong = set(row, field, guest);
                        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
                        ++checks;
                    }
                }
            }
        }
        qInfo("%d checks of fields", checks);
        QVERIFY(checks >= 600);
    }

    void showsInListsOnlyWhatSomebodyMaySee()
    {
        for (const AccessRow &row : accessTable()) {
            // What reports and the audit log tell whom is for tst_spend_routes.cpp and tst_audit_log.cpp.
            if (row.place != Place::Reach || row.method != "GET"
                || row.pattern.startsWith("/ui/api/spend/")
                || row.pattern.startsWith("/ui/api/audit/") || row.pattern.endsWith("}")) {
                continue;
            }
            for (const Guest &guest : guests()) {
                const Got got = send(guest, row.method.toByteArray(),
                                     row.pattern.toByteArray() + "?limit=200", {});
                const bool isShown = got.text.contains("foreign-");
                QVERIFY2(
                    isShown
                        == (guest.standing == Standing::Everywhere && holds(guest, row.permission)),
                    (guest.name + ' ' + row.pattern.toByteArray() + ' ' + got.text).constData());
            }
        }
    }

    void listsEveryRouteOfTheAdminApi()
    {
        for (const AdminRoute &route : m_rig->api.routes()) {
            QVERIFY2(accessRow(route.method, route.pattern), route.pattern.constData());
        }
        for (const AccessRow &row : accessTable()) {
            const bool isThere = std::ranges::any_of(
                m_rig->api.routes(), [&](const AdminRoute &route) {
                    return row.method == route.method && row.pattern == route.pattern;
                });
            QVERIFY2(isThere
                         || (!row.pattern.startsWith("/ui/api/") && row.entry != Entry::Delegated),
                     row.pattern.toByteArray().constData());
        }
    }

private:
    void build(const QString &side)
    {
        const QString organization = side + u"-org"_s;
        const QString team = side + u"-team"_s;
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, organization}, {u"name"_s, organization}});
        m_rig->make(
            "/ui/api/teams",
            {{u"team_id"_s, team}, {u"name"_s, team}, {u"organization_id"_s, organization}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, side + u"-user"_s}});
        m_rig->make("/ui/api/organizations/" + organization.toLatin1() + "/members",
                    {{u"user_id"_s, side + u"-user"_s}, {u"role"_s, u"org_viewer"_s}});
        m_rig->make("/ui/api/teams/" + team.toLatin1() + "/members",
                    {{u"user_id"_s, side + u"-user"_s}, {u"role"_s, u"team_viewer"_s}});
        m_rig->make("/ui/api/service-accounts",
                    {{u"service_account_id"_s, side + u"-account"_s},
                     {u"team_id"_s, team},
                     {u"name"_s, side}});
        keyIds.insert(side.toLatin1(),
                      m_rig->makeKey({{u"name"_s, side + u"-key"_s}, {u"team_id"_s, team}})
                          .value("key_id"_L1)
                          .toString()
                          .toLatin1());
        m_rig->make("/ui/api/credentials",
                    {{u"credential_id"_s, side + u"-credential"_s},
                     {u"name"_s, side},
                     {u"provider"_s, u"openai"_s}});
        m_rig->make("/ui/api/deployments",
                    {{u"deployment_id"_s, side + u"-deployment"_s},
                     {u"model_name"_s, side},
                     {u"model"_s, u"openai/gpt-4o"_s}});
        m_rig->make("/ui/api/guardrails",
                    {{u"guardrail_id"_s, side + u"-guardrail"_s}, {u"name"_s, side}});
        m_rig->make(
            "/ui/api/route-groups",
            {{u"route_group_id"_s, side + u"-group"_s}, {u"name"_s, side}, {u"enabled"_s, false}});
        m_rig->make("/ui/api/end-users", {{u"end_user_id"_s, side + u"-customer"_s}});
        m_rig->make("/ui/api/budgets",
                    {{u"budget_id"_s, side + u"-budget"_s},
                     {u"scope"_s, u"team"_s},
                     {u"scope_id"_s, team}});
        m_rig->make("/ui/api/alert-rules",
                    {{u"alert_rule_id"_s, side + u"-rule"_s}, {u"name"_s, side}});
        if (!store::AlertOutbox(m_rig->store)
                 .queue({side + u"-alert"_s, "{}", m_rig->clock.now, {u"email"_s}})) {
            qFatal("no alert is queued");
        }
    }

    /// Gives a guest the place that their name says.
    void settle(const Guest &guest)
    {
        if (guest.name == "nobody" || guest.isMaster) {
            return;
        }
        const QString name = QString::fromLatin1(guest.name);
        QJsonObject user{{u"user_id"_s, name}};
        if (guest.standing == Standing::Everywhere) {
            user.insert("role"_L1, name);
        }
        m_rig->make("/ui/api/users", user);
        if (guest.standing == Standing::Organization) {
            m_rig->make("/ui/api/organizations/own-org/members",
                        {{u"user_id"_s, name}, {u"role"_s, name}});
        } else if (guest.standing == Standing::Team) {
            m_rig->make("/ui/api/teams/own-team/members",
                        {{u"user_id"_s, name}, {u"role"_s, name}});
        }
    }

    /// Sends a request that changes nothing, whoever sends it.
    Got send(const Guest &guest, const QByteArray &method, const QByteArray &target,
             const QJsonObject &body)
    {
        const ControlRig::Headers stale{{"if-match", "\"0\""}};
        if (guest.isMaster) {
            return m_rig->call(method, target, body, stale);
        }
        if (guest.name == "nobody") {
            return m_rig->send(method, target, {}, stale);
        }
        return m_rig->callAs(guest.name, method, target, body, stale);
    }

    QString knock(const AccessRow &row, const Guest &guest, bool isOwn)
    {
        const QByteArray side = isOwn ? "own" : "foreign";
        const Got got = send(guest, row.method.toByteArray(), pathOf(row, side),
                             bodyFor(row, side));
        const QString notThere = kindOf(row.place).name + u"_not_found"_s;
        const bool isIn = got.status != 401 && got.status != 403 && got.code() != notThere
            && got.status < 500;
        const bool mayCome = isAllowed(guest, row, row.permission, isOwn);
        const bool maySee = isAllowed(guest, row, kindOf(row.place).read, isOwn);
        const bool isNamed = row.place > Place::Reach && row.place < Place::InOrganization;
        // Who is not known is told so; what somebody may not see is not there for them.
        const int refusal = guest.name == "nobody" ? 401 : isNamed && !maySee ? 404 : 403;
        if (isIn == mayCome && (isIn || got.status == refusal)) {
            return {};
        }
        return u"%1 %2 %3 (%4): %5 %6"_s
            .arg(QString::fromLatin1(guest.name), QString::fromLatin1(row.method),
                 QString::fromLatin1(row.pattern), QString::fromLatin1(side))
            .arg(got.status)
            .arg(QString::fromUtf8(got.text));
    }

    /// What the route does that a row stands for decides.
    QString knockOfLiteLlm(const AccessRow &row, const Guest &guest, bool isOwn)
    {
        const qsizetype space = row.standsFor.indexOf(' ');
        const AccessRow *const stood = accessRow(row.standsFor.first(space),
                                                 row.standsFor.sliced(space + 1));
        if (!stood) {
            return u"no route %1"_s.arg(QString::fromLatin1(row.standsFor));
        }
        const Knock knock = knockFor(row, isOwn ? u"own"_s : u"foreign"_s);
        const Got got = send(guest, row.method.toByteArray(), knock.target, knock.body);
        const bool isHidden = got.status == 404 && got.text.contains("or you may not see it");
        const bool isIn = got.status != 401 && got.status != 403 && !isHidden && got.status < 500;
        const bool mayCome = isAllowed(guest, *stood, stood->permission, isOwn);
        const bool isKnown = (got.status == 401) == (guest.name == "nobody");
        return isIn == mayCome && isKnown
            ? QString()
            : u"%1 %2: %3 %4"_s
                  .arg(QString::fromLatin1(guest.name), QString::fromLatin1(knock.target))
                  .arg(got.status)
                  .arg(QString::fromUtf8(got.text));
    }

    QString set(const AccessRow &row, const FieldRow &field, const Guest &guest)
    {
        QJsonObject body = bodyFor(row, "own");
        if (!body.contains(field.field)) {
            body.insert(field.field, QJsonValue());
        }
        const Got got = send(guest, row.method.toByteArray(), pathOf(row, "own"), body);
        const bool isRefused = got.status == 403 && got.param() == field.field;
        const bool maySet = isAllowed(guest, row, field.permission, true);
        return isRefused != maySet
            ? QString()
            : u"%1 %2 %3 sets %4: %5 %6"_s
                  .arg(QString::fromLatin1(guest.name), QString::fromLatin1(row.method),
                       QString::fromLatin1(row.pattern), field.field)
                  .arg(got.status)
                  .arg(QString::fromUtf8(got.text));
    }

    std::unique_ptr<ControlRig> m_rig;
};

QTEST_GUILESS_MAIN(AccessMatrixTest)
#include "tst_access_matrix.moc"
