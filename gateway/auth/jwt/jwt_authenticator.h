#pragma once

#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/auth/jwt/key_set_source.h"
#include "gateway/auth/jwt/token_cache.h"
#include "gateway/auth/principal.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArrayView>

namespace delta::auth {

/// Finds out who holds a token of the issuer. Works in memory only, so it never waits: a token of a
/// key that is not known yet is refused, and has the keys fetched, so that it is accepted some
/// moments later. Safe from any thread.
class JwtAuthenticator
{
public:
    struct Parts {
        KeySetSource &keys;
        const Clock &clock;
    };

    JwtAuthenticator(Parts parts, JwtSettings settings);

    /// Returns the holder.
    /// Errors: invalidToken() and tokenExpired(); PermissionDenied as of identityOf();
    /// identityUnavailable() while no keys are known, which is not the client's fault.
    [[nodiscard]] Result<Principal> identify(QByteArrayView token) const;

private:
    [[nodiscard]] Result<TokenCache::Facts> verify(QByteArrayView token,
                                                   const TokenCache::Keys &keys) const;

    const Parts m_parts;
    const JwtSettings m_settings;
    mutable TokenCache m_cache;
};

} // namespace delta::auth
