#pragma once

#include "gateway/secrets/manager_caller.h"
#include "gateway/secrets/secret_manager.h"

#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace delta::secrets {

/// Azure Key Vault. AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET say who asks; without the last of them
/// the machine's managed identity does, which AZURE_CLIENT_ID may choose. AZURE_AUTHORITY_HOST and
/// AZURE_POD_IDENTITY_AUTHORITY_HOST are obeyed, the second on this machine only.
class AzureKeyVault final : public SecretManager
{
public:
    /// Both must outlive it.
    AzureKeyVault(const QProcessEnvironment &environment, const ManagerCaller &caller);
    /// `name` is "VAULT/SECRET" or "https://VAULT.vault.azure.net/secrets/SECRET", with "/VERSION" for another
    /// version than the newest.
    [[nodiscard]] FoundSecret fetch(const QString &name) override;

private:
    [[nodiscard]] FoundSecret token(const QString &resource);
    [[nodiscard]] FoundSecret tokenByPassword(const QString &resource) const;
    [[nodiscard]] FoundSecret tokenOfMachine(const QString &resource) const;
    [[nodiscard]] FoundSecret tokenFrom(const ManagerQuestion &question) const;

    const QProcessEnvironment &m_environment;
    const ManagerCaller &m_caller;
    QString m_resource;                 ///< For which m_token is.
    std::optional<FoundSecret> m_token; ///< Absent until it is asked for.
};

} // namespace delta::secrets
