#pragma once

#include "gateway/auth/key_facts.h"

#include <QByteArray>
#include <QByteArrayList>

#include <array>
#include <memory>
#include <optional>

namespace delta::auth {

/// What a caller proved to be.
enum class PrincipalKind {
    Master, ///< Holds the master key: may do everything.
    Key,    ///< Holds a virtual key.
    Jwt,    ///< Holds a token of the issuer that is trusted.
    Custom, ///< Holds what somebody outside vouches for, see HookAuthenticator.
    Person, ///< Is logged in to a console, and tries a model there.
};

/// Who sent a request. Made by the Authenticator; the texts are UTF-8, as the SpendEntry wants
/// them.
struct Principal {
    PrincipalKind kind = PrincipalKind::Key;
    QByteArray
        keyId; ///< KeyFacts::id, or "master"; of a token "jwt:" and the user, of custom auth "custom:" and the user, of a person "playground:" and the user.
    QByteArray userId;             ///< Empty: the key has no owner.
    QByteArray teamId;             ///< Empty: the key has no team.
    QByteArray organizationId;     ///< The key's, or else its team's. Empty: there is none.
    QByteArray serviceAccountId{}; ///< Empty: the key belongs to none.
    /// As it was when the request came, or what the token says; null for the master.
    std::shared_ptr<const KeyFacts> key;
    /// What its owners allow it at most: public model names each; null for those that allow all.
    std::array<std::shared_ptr<const QByteArrayList>, 4> ceilings{};
    /// What its key and its organisation say of keeping what it asks and is answered: no if one of them says no, yes if one
    /// says yes. Absent: neither says anything.
    std::optional<bool> storesContent{};
};

} // namespace delta::auth
