#pragma once

#include "gateway/auth/jwt/jwks_source.h"
#include "gateway/auth/jwt/jwt_settings.h"

namespace delta::app {

/// Returns what asks the issuer of tokens for its keys. Safe from any thread.
[[nodiscard]] auth::JwksSource::Fetch issuerKeys(const auth::JwtSettings &jwt);

} // namespace delta::app
