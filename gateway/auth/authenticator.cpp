#include "gateway/auth/authenticator.h"

#include "gateway/auth/credentials.h"

#include <utility>

namespace delta::auth {

Authenticator::Authenticator(Parts parts, const Secret &masterKey)
    : m_parts(parts)
    , m_masterShape(keyShape(masterKey.reveal()))
{
    if (!masterKey.isEmpty()) {
        m_masterMac = m_parts.pepper.mac(masterKey.reveal());
    }
}

Authenticator::Authenticator(Parts parts, const KeyMac &masterMac)
    : m_parts(parts)
    , m_masterMac(masterMac)
    , m_masterShape(KeyShape::Issued)
{
}

Result<Principal> Authenticator::identify(const ports::HttpRequest &request) const
{
    TRY(const QByteArrayView credential, findCredential(request));
    TRY(Principal principal, holderOf(credential));
    return admit(std::move(principal));
}

Result<Principal> Authenticator::admit(Principal principal) const
{
    return m_parts.owners && principal.kind != PrincipalKind::Master
        ? m_parts.owners->admit(std::move(principal))
        : principal;
}

Result<void> Authenticator::admitEndUser(const QByteArray &id) const
{
    return m_parts.owners ? m_parts.owners->admitEndUser(id) : Result<void>();
}

std::optional<QByteArrayView> Authenticator::foreignCredential(
    const ports::HttpRequest &request) const
{
    const auto credential = findCredential(request);
    if (!credential || credential->startsWith("sk-") || keyShape(*credential) != KeyShape::Other
        || (m_parts.tokens && looksLikeJwt(*credential))) {
        return std::nullopt;
    }
    const bool isMaster = canBeKnown(*credential, KeyShape::Other)
        && isSameMac(*m_masterMac, m_parts.pepper.mac(*credential));
    return isMaster ? std::nullopt : std::optional(*credential);
}

Result<Principal> Authenticator::holderOf(QByteArrayView credential) const
{
    const KeyShape shape = keyShape(credential);
    const bool mayBeToken = m_parts.tokens && shape == KeyShape::Other && looksLikeJwt(credential);
    if (!canBeKnown(credential, shape)) {
        return mayBeToken ? m_parts.tokens->identify(credential)
                          : failure(ApiError::invalidApiKey());
    }
    const KeyMac mac = m_parts.pepper.mac(credential);
    if (m_masterMac && isSameMac(*m_masterMac, mac)) {
        return Principal{.kind = PrincipalKind::Master,
                         .keyId = "master",
                         .userId = {},
                         .teamId = {},
                         .organizationId = {},
                         .key = nullptr};
    }
    return mayBeToken ? m_parts.tokens->identify(credential) : principalOf(keyOf(mac));
}

/// Sorts out what is no key by its form, before any hashing. The master key may have any form.
bool Authenticator::canBeKnown(QByteArrayView credential, KeyShape shape) const
{
    if (shape == KeyShape::Issued || shape == KeyShape::Imported) {
        return true;
    }
    return m_masterMac && shape == m_masterShape && credential.size() <= longestKey;
}

KeyDirectory::KeyPointer Authenticator::keyOf(const KeyMac &mac) const
{
    KeyDirectory::KeyPointer key = m_parts.keys.lookup(mac);
    if (key || !m_parts.retired) {
        return key;
    }
    const auto current = m_parts.retired->currentOf(mac, m_parts.clock.wall());
    return current ? m_parts.keys.lookup(*current) : nullptr;
}

Result<Principal> Authenticator::principalOf(KeyDirectory::KeyPointer key) const
{
    if (!key) {
        return failure(ApiError::invalidApiKey());
    }
    if (key->isBlocked) {
        return failure(ApiError::keyBlocked());
    }
    if (key->expiresAt <= m_parts.clock.wall()) {
        return failure(ApiError::keyExpired());
    }
    return Principal{.kind = PrincipalKind::Key,
                     .keyId = key->id,
                     .userId = key->userId,
                     .teamId = key->teamId,
                     .organizationId = key->organizationId,
                     .serviceAccountId = key->serviceAccountId,
                     .key = std::move(key)};
}

} // namespace delta::auth
