#pragma once

#include "gateway/auth/oidc/oidc_provider.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "shared/models/roles.h"

#include <QString>

#include <optional>
#include <vector>

namespace delta::identity {

/// A team or an organisation that groups lead to, and the role there; absent: none.
struct GroupPlace {
    QString id;
    bool isTeam = true;
    std::optional<TeamRole> teamRole{};
    std::optional<OrganizationRole> organizationRole{};
};

/// What a group means.
struct GroupMeaning {
    std::optional<PlatformRole> platform{};
    std::optional<GroupPlace> place{};
};

/// Reads what a group means: "platform_admin", "platform_viewer", "team:ID:ROLE", "organization:ID:ROLE". Nothing: it
/// means none of these.
[[nodiscard]] std::optional<GroupMeaning> readGroupRole(const QString &text);

/// Returns the role of the platform that somebody has by their address and their groups; nothing where the configuration
/// says nothing of such roles, or the provider nothing of groups, so that what there is stays.
[[nodiscard]] std::optional<PlatformRole> platformRoleOf(const auth::OidcIdentity &who,
                                                         const auth::OidcSettings &settings);

/// Returns every place that the configuration names, with the role that somebody has there by their groups: of several
/// the one that may do most. None if the provider says nothing of groups.
[[nodiscard]] std::vector<GroupPlace> placesOf(const auth::OidcIdentity &who,
                                               const auth::OidcSettings &settings);

} // namespace delta::identity
