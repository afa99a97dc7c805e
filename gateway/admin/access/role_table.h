#pragma once

#include "gateway/admin/access/permission.h"
#include "shared/models/roles.h"

#include <span>

/// \file The one table of what roles may do. Whoever has none of the roles may do nothing.

namespace delta::admin {

/// Returns what a role may do everywhere.
[[nodiscard]] std::span<const Permission> rolePermissions(PlatformRole role);

/// Returns what a role may do in its organisation, and in all of that one's teams.
[[nodiscard]] std::span<const Permission> rolePermissions(OrganizationRole role);

/// Returns what a role may do in its team.
[[nodiscard]] std::span<const Permission> rolePermissions(TeamRole role);

/// Returns what a service account may do in its team.
[[nodiscard]] std::span<const Permission> serviceAccountPermissions();

} // namespace delta::admin
