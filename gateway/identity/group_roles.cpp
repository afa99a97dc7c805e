#include "gateway/identity/group_roles.h"

#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::identity {

namespace {

PlatformRole stronger(PlatformRole a, PlatformRole b)
{
    if (a == PlatformRole::Admin || b == PlatformRole::Admin) {
        return PlatformRole::Admin;
    }
    return a == PlatformRole::Viewer ? a : b;
}

} // namespace

std::optional<GroupMeaning> readGroupRole(const QString &text)
{
    if (const auto role = enumValue<PlatformRole>(text)) {
        return GroupMeaning{.platform = role, .place = {}};
    }
    const QStringList parts = text.split(u':');
    if (parts.size() != 3 || parts[1].isEmpty()) {
        return std::nullopt;
    }
    GroupPlace place{.id = parts[1], .isTeam = parts[0] == "team"_L1};
    if (place.isTeam) {
        place.teamRole = enumValue<TeamRole>(parts[2]);
    } else if (parts[0] == "organization"_L1) {
        place.organizationRole = enumValue<OrganizationRole>(parts[2]);
    }
    return place.teamRole || place.organizationRole
        ? std::optional(GroupMeaning{.platform = {}, .place = place})
        : std::nullopt;
}

std::optional<PlatformRole> platformRoleOf(const auth::OidcIdentity &who,
                                           const auth::OidcSettings &settings)
{
    if (who.isEmailVerified && settings.adminEmails.contains(who.email, Qt::CaseInsensitive)) {
        return PlatformRole::Admin;
    }
    if (!who.groups) {
        return std::nullopt;
    }
    std::optional<PlatformRole> found;
    for (const auto &[group, text] : settings.groupRoles.asKeyValueRange()) {
        const auto meaning = readGroupRole(text);
        if (!meaning || !meaning->platform) {
            continue;
        }
        const PlatformRole role = who.groups->contains(group) ? *meaning->platform
                                                              : PlatformRole::None;
        found = stronger(found.value_or(PlatformRole::None), role);
    }
    return found;
}

std::vector<GroupPlace> placesOf(const auth::OidcIdentity &who, const auth::OidcSettings &settings)
{
    std::vector<GroupPlace> places;
    if (!who.groups) {
        return places;
    }
    for (const auto &[group, text] : settings.groupRoles.asKeyValueRange()) {
        const auto meaning = readGroupRole(text);
        if (!meaning || !meaning->place) {
            continue;
        }
        const GroupPlace &named = *meaning->place;
        auto found = std::ranges::find_if(places, [&named](const GroupPlace &each) {
            return each.id == named.id && each.isTeam == named.isTeam;
        });
        if (found == places.end()) {
            places.push_back({.id = named.id, .isTeam = named.isTeam});
            found = std::prev(places.end());
        }
        if (who.groups->contains(group)) {
            found->teamRole = std::max(found->teamRole, named.teamRole);
            found->organizationRole = std::max(found->organizationRole, named.organizationRole);
        }
    }
    return places;
}

} // namespace delta::identity
