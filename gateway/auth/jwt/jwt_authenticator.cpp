#include "gateway/auth/jwt/jwt_authenticator.h"

#include "gateway/auth/jwt/jwt_fault.h"
#include "gateway/auth/jwt/jwt_identity.h"
#include "gateway/auth/jwt/jwt_verifier.h"
#include "gateway/auth/jwt/token_error.h"

#include <memory>
#include <utility>

namespace delta::auth {

JwtAuthenticator::JwtAuthenticator(Parts parts, JwtSettings settings)
    : m_parts(parts)
    , m_settings(std::move(settings))
{
}

Result<Principal> JwtAuthenticator::identify(QByteArrayView token) const
{
    if (token.size() > longestJwt) {
        return failure(errorOf(JwtFault::Malformed)); // Before it costs any hashing.
    }
    const TokenCache::Keys keys = m_parts.keys.current();
    if (!keys) {
        return failure(identityUnavailable());
    }
    const QByteArray name = TokenCache::nameOf(token);
    TokenCache::Facts facts = m_cache.find(name, keys);
    if (!facts) {
        TRY(facts, verify(token, keys));
        m_cache.insert(name, keys, facts);
    }
    if (facts->expiresAt + jwtLeeway <= m_parts.clock.wall()) {
        return failure(errorOf(JwtFault::Expired));
    }
    return Principal{.kind = PrincipalKind::Jwt,
                     .keyId = facts->id,
                     .userId = facts->userId,
                     .teamId = facts->teamId,
                     .organizationId = facts->organizationId,
                     .key = std::move(facts)};
}

Result<TokenCache::Facts> JwtAuthenticator::verify(QByteArrayView token,
                                                   const TokenCache::Keys &keys) const
{
    const auto verified = verifyJwt(token, *keys, m_settings.rules, m_parts.clock.wall());
    if (!verified) {
        if (mayBeNewKey(verified.error())) {
            m_parts.keys.askAnew();
        }
        return failure(errorOf(verified.error()));
    }
    TRY(KeyFacts facts, identityOf(*verified, m_settings));
    return std::make_shared<const KeyFacts>(std::move(facts));
}

} // namespace delta::auth
