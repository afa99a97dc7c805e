#include "gateway/admin/resources/kinds.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

Result<Placement> placeOf(ControlTables &tables, const ServiceAccount &object)
{
    TRY(const std::optional<Team> team, tables.teams.find({object.teamId}));
    return Placement{.organizationId = team ? team->organizationId : QString(),
                     .teamId = object.teamId,
                     .userId = {},
                     .serviceAccountId = object.id};
}

Result<void> check(ControlTables &, const AdminCall &, const ServiceAccount &object,
                   const ServiceAccount *before)
{
    if (before && before->teamId != object.teamId) {
        return failure(ApiError::invalidRequest(
            u"'team_id' cannot be changed: the keys of a service account belong to its team."_s,
            u"team_id"_s));
    }
    return {};
}

Result<void> leave(ControlTables &tables, const ServiceAccount &object)
{
    TRY(const qint64 keys, tables.count("keys/count_of_service_account"_L1, object.id));
    if (keys > 0) {
        return failure(ApiError::conflict(
            u"It still owns %1 keys. Remove them first, or block the service account."_s.arg(
                keys)));
    }
    return {};
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables,
                                         std::span<const ServiceAccount> objects)
{
    TRY(const auto keys,
        tables.counts("keys/count_of_service_account"_L1, textsOf(objects, &ServiceAccount::id)));
    return jsonOfEach(objects, [&keys](const ServiceAccount &object) {
        return QJsonObject{{"key_count"_L1, keys.value(object.id)}};
    });
}

} // namespace

const EntityKind<ServiceAccount> &serviceAccountKind()
{
    static const EntityKind<ServiceAccount> kind{.name = "service_account"_L1,
                                                 .path = "/ui/api/service-accounts"_ba,
                                                 .prefix = "sa-"_L1,
                                                 .id = &ServiceAccount::id,
                                                 .title = &ServiceAccount::name,
                                                 .block = &ServiceAccount::block,
                                                 .stamp = &ServiceAccount::stamp,
                                                 .read = Permission::TeamRead,
                                                 .table = &ControlTables::serviceAccounts,
                                                 .scope = std::nullopt,
                                                 .place = placeOf,
                                                 .check = check,
                                                 .leave = leave,
                                                 .workOut = workOut};
    return kind;
}

} // namespace delta::admin
