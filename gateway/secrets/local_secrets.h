#pragma once

#include "gateway/secrets/secret_manager.h"

#include <QString>

namespace delta::secrets {

/// Secrets in files: file/run/secrets/key is what stands in /run/secrets/key, which may be a link.
class SecretFiles final : public SecretManager
{
public:
    [[nodiscard]] FoundSecret fetch(const QString &name) override;
};

/// Secrets that systemd gave the service with LoadCredential.
class ServiceCredentials final : public SecretManager
{
public:
    /// `folder` is $CREDENTIALS_DIRECTORY; empty: systemd gave none.
    explicit ServiceCredentials(QString folder);
    [[nodiscard]] FoundSecret fetch(const QString &name) override;

private:
    const QString m_folder;
};

/// Reads a file that holds nothing but a secret, of at most 64 KiB. Errors: Lasting, with the path.
[[nodiscard]] FoundSecret readSecretFile(const QString &path);

} // namespace delta::secrets
