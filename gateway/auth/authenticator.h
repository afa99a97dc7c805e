#pragma once

#include "gateway/auth/jwt/jwt_authenticator.h"
#include "gateway/auth/key_directory.h"
#include "gateway/auth/key_format.h"
#include "gateway/auth/owner_directory.h"
#include "gateway/auth/pepper.h"
#include "gateway/auth/principal.h"
#include "gateway/auth/retired_secrets.h"
#include "gateway/ports/http_request.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <optional>

namespace delta::auth {

/// Finds out who sent a request. Works in memory only, so it never waits. Safe from any thread.
class Authenticator
{
public:
    struct Parts {
        const KeyDirectory &keys;
        const Pepper &pepper;
        const Clock &clock;
        const OwnerDirectory *owners = nullptr; ///< Null: nobody is asked about the owners of keys.
        const JwtAuthenticator *tokens = nullptr; ///< Null: no tokens are accepted.
        const RetiredSecrets *retired =
            nullptr; ///< Null: a key has one text, and no other before it.
    };

    /// `masterKey` opens everything; if it is empty, nobody is the master.
    Authenticator(Parts parts, const Secret &masterKey);
    /// The same for a master key of our own making of which only the MAC was kept.
    Authenticator(Parts parts, const KeyMac &masterMac);

    /// Returns the caller. A key ends at the very moment of its expiry.
    /// Errors: InvalidApiKey if there is no credential or none that we know; KeyBlocked and
    /// KeyExpired, which only the holder of the whole key can see; of tokens those of
    /// JwtAuthenticator::identify(); those of OwnerDirectory::admit().
    [[nodiscard]] Result<Principal> identify(const ports::HttpRequest &request) const;
    /// Adds to somebody who is known otherwise what their owners say. Errors: those of OwnerDirectory::admit().
    [[nodiscard]] Result<Principal> admit(Principal principal) const;
    /// Refuses calls on behalf of an end user who is blocked, whosever key they have. Errors: those of
    /// OwnerDirectory::admitEndUser().
    [[nodiscard]] Result<void> admitEndUser(const QByteArray &id) const;

    /// Returns the credential of a request if nothing here can know whose it is: no virtual key by its form, nothing
    /// that begins like one, not the master key, and no token where tokens are accepted. For who asks others.
    [[nodiscard]] std::optional<QByteArrayView> foreignCredential(
        const ports::HttpRequest &request) const;

private:
    [[nodiscard]] Result<Principal> holderOf(QByteArrayView credential) const;
    [[nodiscard]] bool canBeKnown(QByteArrayView credential, KeyShape shape) const;
    [[nodiscard]] KeyDirectory::KeyPointer keyOf(const KeyMac &mac) const;
    [[nodiscard]] Result<Principal> principalOf(KeyDirectory::KeyPointer key) const;

    Parts m_parts;
    std::optional<KeyMac> m_masterMac; ///< Absent: there is no master key.
    KeyShape m_masterShape;
};

} // namespace delta::auth
