#pragma once

#include "gateway/auth/jwt/jwt_verifier.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace delta::auth {

/// In which claims of a token things stand. A name with stops in it leads into objects, as in
/// "realm_access.roles", unless a claim has it to the letter. Empty: nowhere.
struct JwtClaimNames {
    QString user = QStringLiteral("sub");
    QString team = QStringLiteral("team_id");
    QString organization{};
    QString models{}; ///< If it has a name, a token without the claim may call no model.
    QString role = QStringLiteral("role");
    QString scopes = QStringLiteral("scope");

    bool operator==(const JwtClaimNames &) const = default;
};

/// Which tokens of an identity provider are keys to this gateway.
struct JwtSettings {
    bool isEnabled = false; ///< If not, nothing of the rest matters.
    QByteArray keysUrl{};   ///< JWKS of the issuer.
    QByteArray caFile{};    ///< PEM bundle that its server is trusted by; empty: the system's.
    JwtRules rules{};
    JwtClaimNames claims{};
    QStringList requiredScopes{}; ///< A token must have all of them.
    QStringList allowedRoles{};   ///< A token must have one of them; empty: it needs none.

    bool operator==(const JwtSettings &) const = default;
};

} // namespace delta::auth
