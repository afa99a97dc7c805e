#include "gateway/admin/resources/policy_kinds.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

bool isMember(const RouteGroup *group, const QString &deploymentId)
{
    return group && std::ranges::contains(group->members, deploymentId, &RouteMember::deploymentId);
}

/// A deployment that is gone by now must not keep the rest of the group from being changed.
Result<void> check(ControlTables &tables, const AdminCall &, const RouteGroup &object,
                   const RouteGroup *before)
{
    for (std::size_t i = 0; i < object.members.size(); ++i) {
        const QString &id = object.members[i].deploymentId;
        if (isMember(before, id)) {
            continue;
        }
        TRY(const std::optional<StoredDeployment> deployment, tables.deployments.find({id}));
        if (!deployment) {
            const QString path = u"members[%1].deployment_id"_s.arg(i);
            return failure(
                ApiError::invalidRequest(u"'%1' names no deployment."_s.arg(path), path));
        }
    }
    return {};
}

/// Says which members are no more.
Result<std::vector<QJsonObject>> workOut(ControlTables &tables, std::span<const RouteGroup> objects)
{
    QStringList named;
    for (const RouteGroup &object : objects) {
        named += textsOf(std::span(object.members), &RouteMember::deploymentId);
    }
    TRY(const auto there, tables.counts("deployments/count_of_id"_L1, named));
    return jsonOfEach(objects, [&there](const RouteGroup &object) {
        QJsonArray missing;
        for (const RouteMember &member : object.members) {
            if (there.value(member.deploymentId) == 0) {
                missing.append(member.deploymentId);
            }
        }
        return QJsonObject{{"missing_deployments"_L1, missing}};
    });
}

} // namespace

const EntityKind<RouteGroup> &routeGroupKind()
{
    static const EntityKind<RouteGroup> kind{
        .name = "route_group"_L1,
        .path = "/ui/api/route-groups"_ba,
        .prefix = "rg-"_L1,
        .id = &RouteGroup::id,
        .title = &RouteGroup::name,
        .block = nullptr,
        .stamp = &RouteGroup::stamp,
        .read = Permission::ConfigRead,
        .table = &ControlTables::routeGroups,
        .scope = std::nullopt,
        .place = [](ControlTables &, const RouteGroup &) -> Result<Placement> { return {}; },
        .check = check,
        .leave = [](ControlTables &, const RouteGroup &) -> Result<void> { return {}; },
        .workOut = workOut,
        .isVersioned = true};
    return kind;
}

} // namespace delta::admin
