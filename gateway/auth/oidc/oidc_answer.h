#pragma once

#include "gateway/auth/oidc/oidc_provider.h"
#include "shared/core/api_error.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <expected>

namespace delta::auth {

/// What a provider says of itself, as far as it matters.
struct Discovery {
    QByteArray authorization;
    QByteArray token;
    QByteArray userinfo;
    QByteArray keys;
    bool takesBasic = true;
};

/// Reads the discovery document of an issuer. Errors: what is wrong with it, for the log: also addresses that are not
/// encrypted, unless they are of this machine.
[[nodiscard]] std::expected<Discovery, QString> readDiscovery(const QJsonObject &document,
                                                              const QString &issuer);

/// Makes of claims that were verified who it is. Errors: `sso_refused`.
[[nodiscard]] Result<OidcIdentity> identityOf(const QJsonObject &claims,
                                              const OidcSettings &settings);

/// Makes the error for a login that is not believed: 403 with the code `sso_refused`; `detail` is for the log.
[[nodiscard]] ApiError refused(const QString &detail);

} // namespace delta::auth
