#pragma once

#include "shared/core/secret.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

namespace delta::auth {

/// Which identity provider people log in with (OpenID Connect), and who they are here.
struct OidcSettings {
    bool isEnabled = false;                    ///< If not, nothing of the rest matters.
    QString provider = QStringLiteral("oidc"); ///< A preset: microsoft, google, okta; or oidc.
    QString issuer{}; ///< To the letter; its discovery document lies below it.
    QString clientId{};
    Secret clientSecret{}; ///< Empty: a public client, which PKCE alone protects.
    QString redirectUri{}; ///< Where the provider sends people back: .../ui/api/auth/oidc/callback
    QString scope{};       ///< What is asked for; empty: as the preset has it.
    QString defaultTeam{}; ///< A team that those who are new become viewers of; empty: none.
    QStringList adminEmails{};    ///< Of those who are platform admins, in whatever case.
    QStringList allowedDomains{}; ///< Of addresses; empty: all.
    QString groupsClaim = QStringLiteral("groups"); ///< In which a login's groups stand.
    /// What groups mean: a role of the platform, or "team:ID:ROLE" or "organization:ID:ROLE".
    QHash<QString, QString> groupRoles{};
    bool createsUsers = true; ///< Whether a login by somebody unknown makes a user.
    QByteArray caFile{};      ///< PEM bundle that the provider is trusted by; empty: the system's.
};

} // namespace delta::auth
