#pragma once

#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/auth/key_facts.h"
#include "shared/core/result.h"

namespace delta::auth {

/// Makes of a verified token what a call needs to know of its caller: as of a virtual key with the
/// id `jwt:` and the user's id, which has no limits of its own. Its models are those of the claim.
/// Errors: invalidToken(), naming the claim that is not what it should be; PermissionDenied if the
/// token lacks a scope, a role or any model.
[[nodiscard]] Result<KeyFacts> identityOf(const VerifiedJwt &token, const JwtSettings &settings);

} // namespace delta::auth
