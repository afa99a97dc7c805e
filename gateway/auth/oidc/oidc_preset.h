#pragma once

#include <QLatin1StringView>
#include <QString>
#include <QStringList>

namespace delta::auth {

/// What is known of an identity provider beforehand. Empty: it has to be configured, or there is none.
struct OidcPreset {
    QLatin1StringView name;
    QLatin1StringView issuer;     ///< Its only one.
    QLatin1StringView issuerForm; ///< What its issuers look like, for people.
    QLatin1StringView scope;      ///< What is asked for unless something else is configured.
    /// Which claim says that the address is somebody's own.
    QLatin1StringView verifiedClaim;
};

/// Returns a preset; that of "oidc", which knows nothing beforehand, for any other name.
/// Sources: accounts.google.com/.well-known/openid-configuration; Microsoft identity platform, "ID token claims" and
/// "Migrate away from using email claims" (xms_edov); Okta, "OpenID Connect & OAuth 2.0 API", scopes. All 2025.
[[nodiscard]] const OidcPreset &presetOf(const QString &name);

/// Returns the names of all.
[[nodiscard]] QStringList presetNames();

/// Says whether an issuer can be one of the preset's: one of another form would never answer as it should, or would let
/// in people of any tenant.
[[nodiscard]] bool fits(const OidcPreset &preset, const QString &issuer);

} // namespace delta::auth
