#include "gateway/admin/resources/kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

constexpr GovernedScope scope{BudgetScope::Organization, RateScope::Organization};

Result<Placement> placeOf(ControlTables &, const Organization &object)
{
    return Placement{
        .organizationId = object.id, .teamId = {}, .userId = {}, .serviceAccountId = {}};
}

Result<void> check(ControlTables &, const AdminCall &, const Organization &, const Organization *)
{
    return {};
}

/// An organisation takes nobody along: what belongs to it has to go first.
Result<void> leave(ControlTables &tables, const Organization &object)
{
    TRY(const qint64 teams, tables.count("teams/count_of_organization"_L1, object.id));
    TRY(const qint64 keys, tables.count("keys/count_of_organization"_L1, object.id));
    if (teams > 0 || keys > 0) {
        return failure(ApiError::conflict(
            u"It still has %1 teams and %2 keys of its own. Remove or move them first, or block it."_s
                .arg(teams)
                .arg(keys)));
    }
    return {};
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables,
                                         std::span<const Organization> objects)
{
    const QStringList ids = textsOf(objects, &Organization::id);
    TRY(const auto teams, tables.counts("teams/count_of_organization"_L1, ids));
    TRY(const auto members, tables.counts("organization_members/count_of_organization"_L1, ids));
    return jsonOfEach(objects, [&](const Organization &object) {
        return QJsonObject{{"team_count"_L1, teams.value(object.id)},
                           {"member_count"_L1, members.value(object.id)}};
    });
}

} // namespace

const EntityKind<Organization> &organizationKind()
{
    static const EntityKind<Organization> kind{.name = "organization"_L1,
                                               .path = "/ui/api/organizations"_ba,
                                               .prefix = "org-"_L1,
                                               .id = &Organization::id,
                                               .title = &Organization::name,
                                               .block = &Organization::block,
                                               .stamp = &Organization::stamp,
                                               .read = Permission::OrganizationRead,
                                               .table = &ControlTables::organizations,
                                               .scope = scope,
                                               .place = placeOf,
                                               .check = check,
                                               .leave = leave,
                                               .workOut = workOut};
    return kind;
}

} // namespace delta::admin
