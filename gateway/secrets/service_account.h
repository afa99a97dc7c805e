#pragma once

#include "gateway/secrets/secret_manager.h"
#include "shared/core/clock.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QString>

#include <expected>

namespace delta::secrets {

/// A service account of Google Cloud, as its key file says.
struct ServiceAccount {
    QString email;
    QString keyId;    ///< May be empty.
    Secret key;       ///< RSA, PEM.
    QString tokenUri; ///< Who gives tokens for what the account signs; https.
};

/// Reads a key file. Errors: Lasting, with the path.
[[nodiscard]] std::expected<ServiceAccount, ports::SecretFailure> readServiceAccount(
    const QString &path);

/// Returns a JWT, signed by RS256, that asks for a token for an hour. Errors: Lasting; the key is none.
[[nodiscard]] FoundSecret signedAssertion(const ServiceAccount &account, WallTime now);

} // namespace delta::secrets
