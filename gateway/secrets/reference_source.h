#pragma once

#include "gateway/ports/secret_source.h"
#include "gateway/secrets/manager_caller.h"
#include "gateway/secrets/secret_manager.h"
#include "shared/core/clock.h"

#include <QHash>
#include <QProcessEnvironment>
#include <QString>

#include <map>
#include <memory>

namespace delta::secrets {

/// Finds secrets by "MANAGER/NAME" or, a field of one that is a JSON object, "MANAGER/NAME#FIELD". MANAGER is one of
/// file, systemd, vault, aws.secretsmanager, gcp.secretmanager and azure.keyvault. Each secret is fetched once,
/// however many of its fields are asked for, and so is a failure.
class ReferenceSource final : public ports::SecretSource
{
public:
    /// The managers have 15 s from now on, all together. `environment` says where they are and who asks them.
    /// `clock` must outlive the source.
    ReferenceSource(QProcessEnvironment environment, const Clock &clock);
    [[nodiscard]] FoundSecret find(const QString &reference) override;

private:
    [[nodiscard]] const FoundSecret &whole(const QString &reference);
    [[nodiscard]] FoundSecret fetch(const QString &reference) const;

    const QProcessEnvironment m_environment;
    const ManagerCaller m_caller;
    std::map<QString, std::unique_ptr<SecretManager>> m_managers; ///< By the name in references.
    QHash<QString, FoundSecret> m_known; ///< By the reference, without a field.
};

} // namespace delta::secrets
