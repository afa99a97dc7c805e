#pragma once

#include "gateway/admin/resources/entity_kind.h"
#include "shared/models/end_user.h"
#include "shared/models/organization.h"
#include "shared/models/service_account.h"
#include "shared/models/team.h"
#include "shared/models/user.h"

namespace delta::admin {

/// The kinds of objects that EntityApi serves, each in its file.
[[nodiscard]] const EntityKind<Organization> &organizationKind();
[[nodiscard]] const EntityKind<Team> &teamKind();
[[nodiscard]] const EntityKind<User> &userKind();
[[nodiscard]] const EntityKind<ServiceAccount> &serviceAccountKind();
[[nodiscard]] const EntityKind<EndUser> &endUserKind();

} // namespace delta::admin
