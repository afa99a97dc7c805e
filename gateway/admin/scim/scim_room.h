#pragma once

#include "gateway/admin/resources/control_room.h"
#include "gateway/admin/resources/entity_api.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "shared/core/secret.h"
#include "shared/models/user.h"

#include <QString>

#include <vector>

namespace delta::admin::scim {

class GroupEffects;

/// Who may provision, and what their groups mean.
struct ScimSettings {
    std::vector<Secret>
        tokens{}; ///< Any of them is good, so that one can be changed. Empty: nobody may.
    auth::OidcSettings
        people{}; ///< Of single sign-on: what groups mean, and the team of those who are new.
};

/// What users and groups share. Borrowed.
struct ScimRoom {
    const ControlRoom &control;
    EntityApi<User> &users; ///< Writes, blocks and records users as the admin API does.
    GroupEffects &effects;
};

} // namespace delta::admin::scim
