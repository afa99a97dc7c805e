#include "gateway/admin/access/caller.h"

#include "gateway/admin/access/role_table.h"

#include <algorithm>
#include <optional>
#include <span>

namespace delta::admin {

namespace {

bool holds(std::span<const Permission> permissions, Permission wanted)
{
    return std::ranges::contains(permissions, wanted);
}

/// Returns what lets somebody do with their own what they may not do with others'.
std::optional<Permission> ownOf(Permission permission)
{
    switch (permission) {
    case Permission::KeyRead:
    case Permission::KeyUpdate:
        return Permission::KeyOwn;
    case Permission::SpendRead:
        return Permission::SpendOwn;
    default:
        return std::nullopt;
    }
}

} // namespace

bool Caller::mayEverywhere(Permission permission) const
{
    return kind == CallerKind::Master
        || (kind == CallerKind::User && holds(rolePermissions(role), permission));
}

bool Caller::owns(const Placement &place) const
{
    return (kind == CallerKind::User && !place.userId.isEmpty() && place.userId == id)
        || (kind == CallerKind::ServiceAccount && place.serviceAccountId == id && !id.isEmpty());
}

bool Caller::may(Permission permission, const Placement &place) const
{
    if (mayEverywhere(permission)) {
        return true;
    }
    const auto isInOrganization = [&](const OrganizationPlace &each) {
        return each.organizationId == place.organizationId
            && holds(rolePermissions(each.role), permission);
    };
    const auto isInTeam = [&](const TeamPlace &each) {
        return each.teamId == place.teamId && holds(rolePermissions(each.role), permission);
    };
    if ((!place.organizationId.isEmpty() && std::ranges::any_of(organizations, isInOrganization))
        || (!place.teamId.isEmpty() && std::ranges::any_of(teams, isInTeam))) {
        return true;
    }
    if (kind == CallerKind::ServiceAccount && place.teamId == serviceTeamId
        && !place.teamId.isEmpty() && holds(serviceAccountPermissions(), permission)) {
        return true;
    }
    const std::optional<Permission> own = ownOf(permission);
    return own && owns(place) && may(*own, place);
}

bool Caller::mayAnywhere(Permission permission) const
{
    const auto isHeld = [permission](const auto &place) {
        return holds(rolePermissions(place.role), permission);
    };
    const std::optional<Permission> own = ownOf(permission);
    return mayEverywhere(permission) || std::ranges::any_of(organizations, isHeld)
        || std::ranges::any_of(teams, isHeld)
        || (kind == CallerKind::ServiceAccount && holds(serviceAccountPermissions(), permission))
        || (own && mayAnywhere(*own));
}

store::ListReach Caller::reach(Permission permission) const
{
    store::ListReach reach{
        .isAll = mayEverywhere(permission), .organizations = {}, .teams = {}, .user = {}};
    for (const OrganizationPlace &place : organizations) {
        if (holds(rolePermissions(place.role), permission)) {
            reach.organizations.append(place.organizationId);
        }
    }
    for (const TeamPlace &place : teams) {
        if (holds(rolePermissions(place.role), permission)) {
            reach.teams.append(place.teamId);
        }
    }
    if (kind == CallerKind::ServiceAccount && holds(serviceAccountPermissions(), permission)) {
        reach.teams.append(serviceTeamId);
    }
    if (kind == CallerKind::User && ownOf(permission)) {
        reach.user = id;
    }
    return reach;
}

} // namespace delta::admin
