#pragma once

#include "gateway/auth/key_facts.h"

#include <QByteArray>

#include <memory>

namespace delta::auth {

/// What a caller proved to be.
enum class PrincipalKind {
    Master, ///< Holds the master key: may do everything.
    Key,    ///< Holds a virtual key.
};

/// Who sent a request. Made by the Authenticator; the texts are UTF-8, as the SpendEntry wants
/// them.
struct Principal {
    PrincipalKind kind = PrincipalKind::Key;
    QByteArray keyId;          ///< KeyFacts::id, or "master".
    QByteArray userId;         ///< Empty: the key has no owner.
    QByteArray teamId;         ///< Empty: the key has no team.
    QByteArray organizationId; ///< Empty: the key has no organisation.
    /// As it was when the request came; null for the master.
    std::shared_ptr<const KeyFacts> key;
};

} // namespace delta::auth
