#include "gateway/admin/litellm/organization_routes.h"

#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/members.h"
#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/litellm/team_routes.h"
#include "gateway/admin/litellm/worked_out.h"
#include "gateway/admin/query_values.h"

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr std::array ownFields{
    FieldRow{.theirs = "organization_id"_L1, .ours = "organization_id"_L1},
    FieldRow{.theirs = "organization_alias"_L1, .ours = "name"_L1},
    FieldRow{.theirs = "models"_L1, .ours = "models"_L1, .take = takeModels},
    FieldRow{.theirs = "metadata"_L1, .ours = "metadata"_L1},
    shown("blocked"_L1, "blocked"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("tags"_L1),
    idle("model_rpm_limit"_L1),
    idle("model_tpm_limit"_L1),
};
constexpr auto organizationFields = joined(joined(ownFields, governanceFields), idleFields);

constexpr std::array roles{
    RoleRow{"org_admin"_L1, "org_admin"_L1}, RoleRow{"internal_user_viewer"_L1, "org_viewer"_L1},
    RoleRow{"internal_user"_L1, "org_viewer"_L1}, RoleRow{"org_owner"_L1, "org_owner"_L1}};

const Kind &organizationKind()
{
    static const Kind kind{.path = "/ui/api/organizations"_ba,
                           .parameter = "{organization_id}"_ba,
                           .fields = organizationFields};
    return kind;
}

const MemberKind &memberKind()
{
    static const MemberKind kind{.path = "/ui/api/organizations/{organization_id}/members"_ba,
                                 .groupField = "organization_id"_L1,
                                 .roleField = "user_role"_L1,
                                 .roles = roles};
    return kind;
}

constexpr auto idField = "organization_id"_L1;
constexpr auto idsField = "organization_ids"_L1;

QJsonObject shownOrganization(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject organization = toTheirs(organizationFields, ours);
    organization.insert("budget_reset_at"_L1, budgetResetAt(ours, steps.now()));
    organization.insert("litellm_budget_table"_L1, budgetTable(organization));
    return organization;
}

/// Returns the teams of an organisation that the caller may see, at most a hundred.
Result<QJsonArray> teamsOf(const Steps &steps, const AdminCall &call, const QString &id)
{
    const Resource resource(steps, teamKind());
    const auto page = resource.list(call, {}, queryOf(idField, id));
    if (!page && page.error().kind == ErrorKind::PermissionDenied) {
        return QJsonArray();
    }
    TRY_VOID(page.transform([](const CountedPage &) { }));
    QJsonArray teams;
    for (const auto &team : page->items) {
        teams.append(resource.shown(team.toObject()));
    }
    return teams;
}

Result<QJsonObject> wholeOrganization(const Steps &steps, const AdminCall &call, const QString &id)
{
    TRY(const QJsonObject ours, Resource(steps, organizationKind()).show(call, id));
    TRY(const QJsonArray members, membersOf(steps, call, memberKind(), id));
    TRY(const QJsonArray teams, teamsOf(steps, call, id));
    QJsonObject organization = shownOrganization(steps, ours);
    organization.insert("members"_L1, membershipsOf(members, memberKind(), id));
    organization.insert("teams"_L1, teams);
    return withSpend(steps, call, "organization"_L1, idField, organization);
}

Result<Answer> create(const Steps &steps, const AdminCall &call)
{
    return steps.together([&]() -> Result<Answer> {
        TRY(const QJsonObject made, Resource(steps, organizationKind()).make(call, call.body));
        TRY(const QJsonObject organization,
            wholeOrganization(steps, call, made.value(idField).toString()));
        return jsonAnswer(organization);
    });
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const QString id, takeText(request, idField));
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(Resource(steps, organizationKind()).change(call, id, request));
        TRY(const QJsonObject organization, wholeOrganization(steps, call, id));
        return jsonAnswer(organization);
    });
}

/// Answers with the organisations as they were.
Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(QStringList ids, takeNames(request, idsField));
    ids.removeDuplicates();
    TRY_VOID(checkRest(request, {QString(idsField)}));
    return steps.together([&]() -> Result<Answer> {
        QJsonArray gone;
        for (const QString &id : std::as_const(ids)) {
            TRY(const QJsonObject organization, wholeOrganization(steps, call, id));
            TRY_VOID(Resource(steps, organizationKind()).remove(call, id));
            gone.append(organization);
        }
        return jsonAnswer(gone);
    });
}

Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    TRY_VOID(checkNames(call.query, std::array{idField}));
    TRY(const QString id, neededText(call.query, idField));
    TRY(const QJsonObject organization, wholeOrganization(steps, call, id));
    return jsonAnswer(organization);
}

Result<Answer> list(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"org_id"_L1, "org_alias"_L1, "page"_L1, "page_size"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const PageWish wish, readPage(call.query, "page_size"_L1, 100));
    QUrlQuery filters;
    for (const auto &[theirs, ours] : {std::pair{known[0], idField}, {known[1], "q"_L1}}) {
        if (const QString value = call.query.queryItemValue(theirs); !value.isEmpty()) {
            filters.addQueryItem(ours, value);
        }
    }
    TRY(const CountedPage page, Resource(steps, organizationKind()).list(call, wish, filters));
    QJsonArray organizations;
    for (const auto &ours : page.items) {
        organizations.append(shownOrganization(steps, ours.toObject()));
    }
    TRY(organizations, withSpend(steps, call, "organization"_L1, idField, organizations));
    return jsonAnswer(organizations);
}

Result<Answer> addMember(const Steps &steps, const AdminCall &call)
{
    return addMembersTo(
        steps, call, memberKind(),
        [](const QString &id, const QJsonObject &added) -> Result<QJsonObject> {
            return QJsonObject{
                {idField, id},
                {"updated_users"_L1, added.value("updated_users"_L1)},
                {"updated_organization_memberships"_L1, added.value("memberships"_L1)}};
        });
}

Result<Answer> removeMember(const Steps &steps, const AdminCall &call)
{
    return removeMemberOf(steps, call, memberKind(),
                          [&](const QString &id) { return wholeOrganization(steps, call, id); });
}

} // namespace

std::vector<AdminRoute> organizationRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/organization/new", create},
                     {"PATCH", "/organization/update", update},
                     {"DELETE", "/organization/delete", remove},
                     {"GET", "/organization/info", info},
                     {"GET", "/organization/list", list},
                     {"POST", "/organization/member_add", addMember},
                     {"DELETE", "/organization/member_delete", removeMember}});
}

} // namespace delta::admin::litellm
