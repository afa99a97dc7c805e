#pragma once

#include "gateway/secrets/manager_caller.h"
#include "gateway/secrets/secret_manager.h"

#include <QProcessEnvironment>

namespace delta::secrets {

/// HashiCorp Vault, and what speaks the same: key-value engines of both versions. VAULT_ADDR says where it is;
/// VAULT_TOKEN, the file VAULT_TOKEN_FILE, or ~/.vault-token who asks; VAULT_NAMESPACE and VAULT_CACERT are obeyed.
class VaultManager final : public SecretManager
{
public:
    /// Both must outlive it.
    VaultManager(const QProcessEnvironment &environment, const ManagerCaller &caller);
    /// `name` is "mount/path". Returns all fields of the secret as a JSON object.
    [[nodiscard]] FoundSecret fetch(const QString &name) override;

private:
    [[nodiscard]] FoundSecret token() const;
    [[nodiscard]] FoundSecret read(const QByteArray &path, const Secret &token,
                                   const QString &address) const;

    const QProcessEnvironment &m_environment;
    const ManagerCaller &m_caller;
};

} // namespace delta::secrets
