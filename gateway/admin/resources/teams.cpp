#include "gateway/admin/resources/kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

constexpr GovernedScope scope{BudgetScope::Team, RateScope::Team};

Result<Placement> placeOf(ControlTables &, const Team &object)
{
    return Placement{.organizationId = object.organizationId,
                     .teamId = object.id,
                     .userId = {},
                     .serviceAccountId = {}};
}

/// Whoever moves a team has to be allowed to make one where it goes.
Result<void> check(ControlTables &tables, const AdminCall &call, const Team &object,
                   const Team *before)
{
    const bool isMoved = before && before->organizationId != object.organizationId;
    if (isMoved
        && !call.caller.may(Permission::TeamCreate,
                            {.organizationId = object.organizationId,
                             .teamId = {},
                             .userId = {},
                             .serviceAccountId = {}})) {
        ApiError error = ApiError::permissionDenied(
            u"You may not move a team to that organisation."_s);
        error.param = u"organization_id"_s;
        return failure(std::move(error));
    }
    if (object.organizationId.isEmpty() || (before && !isMoved)) {
        return {};
    }
    TRY(const std::optional<Organization> owner,
        tables.organizations.find({object.organizationId}));
    if (!owner) {
        return failure(ApiError::invalidRequest(u"'organization_id' names no organisation."_s,
                                                u"organization_id"_s));
    }
    return {};
}

Result<void> leave(ControlTables &tables, const Team &object)
{
    TRY(const qint64 keys, tables.count("keys/count_of_team"_L1, object.id));
    if (keys > 0) {
        return failure(ApiError::conflict(
            u"It still has %1 keys. Remove or move them first, or block the team."_s.arg(keys)));
    }
    return {};
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables, std::span<const Team> objects)
{
    const QStringList ids = textsOf(objects, &Team::id);
    TRY(const auto members, tables.counts("team_members/count_of_team"_L1, ids));
    TRY(const auto keys, tables.counts("keys/count_of_team"_L1, ids));
    return jsonOfEach(objects, [&](const Team &object) {
        return QJsonObject{{"member_count"_L1, members.value(object.id)},
                           {"key_count"_L1, keys.value(object.id)}};
    });
}

} // namespace

const EntityKind<Team> &teamKind()
{
    static const EntityKind<Team> kind{.name = "team"_L1,
                                       .path = "/ui/api/teams"_ba,
                                       .prefix = "team-"_L1,
                                       .id = &Team::id,
                                       .title = &Team::name,
                                       .block = &Team::block,
                                       .stamp = &Team::stamp,
                                       .read = Permission::TeamRead,
                                       .table = &ControlTables::teams,
                                       .scope = scope,
                                       .place = placeOf,
                                       .check = check,
                                       .leave = leave,
                                       .workOut = workOut};
    return kind;
}

} // namespace delta::admin
