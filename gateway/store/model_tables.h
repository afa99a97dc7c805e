#pragma once

#include "gateway/ports/model_store.h"
#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"
#include "shared/core/result.h"
#include "shared/models/credential.h"
#include "shared/models/deployment_check.h"
#include "shared/models/stored_deployment.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>

namespace delta::store {

class Database;

/// What gateways and admins ask of deployments and credentials beside the rows themselves.
/// See Database for threads and errors.
class ModelTables
{
public:
    /// `database` must outlive it.
    explicit ModelTables(Database &database)
        : m_database(database)
    {
    }
    ModelTables(const ModelTables &) = delete;
    ModelTables &operator=(const ModelTables &) = delete;

    /// Keeps a credential's secret, which was sealed, in the place of the one before.
    [[nodiscard]] Result<void> putSecret(const QString &credentialId, const QByteArray &sealed);
    /// Returns what was kept; nothing if nothing was.
    [[nodiscard]] Result<std::optional<QByteArray>> secretOf(const QString &credentialId);
    /// Notes how a deployment did, in the place of what was noted before.
    [[nodiscard]] Result<void> putCheck(const DeploymentCheck &check);
    /// Returns what was noted last of some deployments; those that were never tried are left out.
    [[nodiscard]] Result<QHash<QString, DeploymentCheck>> checksOf(
        const QStringList &deploymentIds);
    /// Returns all deployments of one source.
    [[nodiscard]] Result<std::vector<StoredDeployment>> deploymentsOf(DeploymentSource source);
    /// See ports::ModelStore.
    [[nodiscard]] Result<ports::StoredModels> load();
    [[nodiscard]] Result<qint64> version();

private:
    Database &m_database;
};

/// Where the rows lie, and the shapes of their lists.
[[nodiscard]] const EntityStatements &credentialStatements();
[[nodiscard]] const EntityStatements &deploymentStatements();
[[nodiscard]] const EntityStatements &modelGroupStatements();
[[nodiscard]] const ListShape &credentialList();
[[nodiscard]] const ListShape &deploymentList();
[[nodiscard]] const ListShape &modelGroupList();

} // namespace delta::store
