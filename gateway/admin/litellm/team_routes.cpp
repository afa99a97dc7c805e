#include "gateway/admin/litellm/team_routes.h"

#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/admin/litellm/members.h"
#include "gateway/admin/litellm/refusal.h"
#include "gateway/admin/litellm/worked_out.h"
#include "gateway/admin/query_values.h"

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr std::array ownFields{
    FieldRow{.theirs = "team_id"_L1, .ours = "team_id"_L1},
    FieldRow{.theirs = "team_alias"_L1, .ours = "name"_L1},
    FieldRow{.theirs = "organization_id"_L1, .ours = "organization_id"_L1},
    FieldRow{.theirs = "models"_L1, .ours = "models"_L1, .take = takeModels},
    FieldRow{.theirs = "metadata"_L1, .ours = "metadata"_L1},
    shown("blocked"_L1, "blocked"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("admins"_L1),
    idle("members"_L1),
    idle("model_aliases"_L1),
    idle("tags"_L1),
    idle("team_member_permissions"_L1),
    idle("team_member_budget"_L1),
    idle("team_member_budget_duration"_L1),
    idle("team_member_key_duration"_L1),
    idle("team_member_rpm_limit"_L1),
    idle("team_member_tpm_limit"_L1),
    idle("model_rpm_limit"_L1),
    idle("model_tpm_limit"_L1),
    idle("disable_global_guardrails"_L1),
    idle("secret_manager_settings"_L1),
};
constexpr auto teamFields = joined(joined(ownFields, governanceFields), idleFields);

constexpr std::array roles{RoleRow{"admin"_L1, "team_admin"_L1},
                           RoleRow{"user"_L1, "team_member"_L1},
                           RoleRow{"internal_user"_L1, "team_member"_L1},
                           RoleRow{"internal_user_viewer"_L1, "team_viewer"_L1}};

const MemberKind &memberKind()
{
    static const MemberKind kind{.path = "/ui/api/teams/{team_id}/members"_ba,
                                 .groupField = "team_id"_L1,
                                 .roleField = "role"_L1,
                                 .roles = roles};
    return kind;
}

constexpr auto idField = "team_id"_L1;

QJsonObject shownTeam(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject team = toTheirs(teamFields, ours);
    team.insert("budget_reset_at"_L1, budgetResetAt(ours, steps.now()));
    return team;
}

/// Shows a team with its members and what it spent.
Result<QJsonObject> wholeTeam(const Steps &steps, const AdminCall &call, const QString &id)
{
    TRY(const QJsonObject ours, Resource(steps, teamKind()).show(call, id));
    TRY(const QJsonArray members, membersOf(steps, call, memberKind(), id));
    QJsonObject team = shownTeam(steps, ours);
    team.insert("members_with_roles"_L1, members);
    return withSpend(steps, call, "team"_L1, idField, team);
}

Result<Answer> create(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const std::optional<bool> isBlocked, takeFlag(request, "blocked"_L1));
    TRY(const std::vector<NewMember> members,
        takeMembers(steps, call, memberKind(), request, "members_with_roles"_L1));
    const Resource teams(steps, teamKind());
    return steps.together([&]() -> Result<Answer> {
        // A team has to be called something here.
        const QJsonValue id = request.value(idField);
        const bool isNamed = !request.value("team_alias"_L1).isUndefined()
            && !request.value("team_alias"_L1).isNull();
        const QJsonObject name{{"name"_L1, id.isString() ? id : QJsonValue(u"unnamed"_s)}};
        TRY(const QJsonObject made, teams.make(call, request, isNamed ? QJsonObject() : name));
        const QString teamId = made.value(idField).toString();
        TRY_VOID(addMembers(steps, call, memberKind(), teamId, members));
        if (isBlocked.value_or(false)) {
            TRY_VOID(teams.setBlocked(call, teamId, true));
        }
        TRY(const QJsonObject team, wholeTeam(steps, call, teamId));
        return jsonAnswer(team);
    });
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const QString id, takeText(request, idField));
    TRY(const std::optional<bool> isBlocked, takeFlag(request, "blocked"_L1));
    const Resource teams(steps, teamKind());
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(teams.change(call, id, request));
        if (isBlocked) {
            TRY_VOID(teams.setBlocked(call, id, *isBlocked));
        }
        TRY(const QJsonObject team, wholeTeam(steps, call, id));
        return jsonAnswer(QJsonObject{{idField, id}, {"data"_L1, team}});
    });
}

Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(QStringList ids, takeNames(request, "team_ids"_L1));
    ids.removeDuplicates();
    TRY_VOID(checkRest(request, {u"team_ids"_s}));
    return steps.together([&]() -> Result<Answer> {
        for (const QString &id : std::as_const(ids)) {
            TRY_VOID(removeWithKeys(steps, call, Resource(steps, teamKind()), {idField, id}));
        }
        return jsonAnswer(QJsonObject{{"deleted_teams"_L1, QJsonArray::fromStringList(ids)}});
    });
}

Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    TRY_VOID(checkNames(call.query, std::array{idField}));
    TRY(const QString id, neededText(call.query, idField));
    TRY(const QJsonObject team, wholeTeam(steps, call, id));
    TRY(const QJsonArray keys, keysOf(steps, call, {idField, id}));
    return jsonAnswer(QJsonObject{
        {idField, id},
        {"team_info"_L1, team},
        {"keys"_L1, keys},
        {"team_memberships"_L1,
         membershipsOf(team.value("members_with_roles"_L1).toArray(), memberKind(), id)}});
}

Result<Answer> list(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"user_id"_L1, "organization_id"_L1, "page"_L1,
                                      "page_size"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const PageWish wish, readPage(call.query, "page_size"_L1, 100));
    QUrlQuery filters = call.query;
    filters.removeQueryItem(u"page"_s);
    filters.removeQueryItem(u"page_size"_s);
    TRY(const CountedPage page, Resource(steps, teamKind()).list(call, wish, filters));
    QJsonArray teams;
    for (const auto &ours : page.items) {
        teams.append(shownTeam(steps, ours.toObject()));
    }
    TRY(teams, withSpend(steps, call, "team"_L1, idField, teams));
    return jsonAnswer(teams);
}

Result<Answer> addMember(const Steps &steps, const AdminCall &call)
{
    return addMembersTo(steps, call, memberKind(), [&](const QString &id, QJsonObject added) {
        return wholeTeam(steps, call, id).transform([&](QJsonObject team) {
            team.insert("updated_users"_L1, added.value("updated_users"_L1));
            team.insert("updated_team_memberships"_L1, added.value("memberships"_L1));
            return team;
        });
    });
}

Result<Answer> removeMember(const Steps &steps, const AdminCall &call)
{
    return removeMemberOf(steps, call, memberKind(),
                          [&](const QString &id) { return wholeTeam(steps, call, id); });
}

} // namespace

const Kind &teamKind()
{
    static const Kind kind{
        .path = "/ui/api/teams"_ba, .parameter = "{team_id}"_ba, .fields = teamFields};
    return kind;
}

std::vector<AdminRoute> teamRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/team/new", create},
                     {"POST", "/team/update", update},
                     {"POST", "/team/delete", remove},
                     {"GET", "/team/info", info},
                     {"GET", "/team/list", list},
                     {"POST", "/team/member_add", addMember},
                     {"POST", "/team/member_delete", removeMember}});
}

} // namespace delta::admin::litellm
