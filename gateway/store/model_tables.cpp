#include "gateway/store/model_tables.h"

#include "gateway/store/database.h"
#include "gateway/store/row_codec.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::store {

namespace {

constexpr std::array credentialColumns{
    ListColumn{"provider"_L1, "provider"_L1, ColumnUse::Filter},
    ListColumn{"name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

constexpr std::array deploymentColumns{
    ListColumn{"model_name"_L1, "model_name"_L1, ColumnUse::Filter},
    ListColumn{"provider"_L1, "provider"_L1, ColumnUse::Filter},
    ListColumn{"credential_id"_L1, "credential_id"_L1, ColumnUse::Filter},
    ListColumn{"state"_L1, "state"_L1, ColumnUse::Filter},
    ListColumn{"source"_L1, "source"_L1, ColumnUse::Filter},
    ListColumn{"model_name"_L1, "name_key"_L1, ColumnUse::Sort},
    ListColumn{"created_at"_L1, "created_at"_L1, ColumnUse::Sort},
};

} // namespace

const EntityStatements &credentialStatements()
{
    static constexpr EntityStatements statements{"credentials/insert"_L1, "credentials/update"_L1,
                                                 "credentials/delete"_L1, "credentials/select"_L1};
    return statements;
}

const EntityStatements &deploymentStatements()
{
    static constexpr EntityStatements statements{"deployments/insert"_L1, "deployments/update"_L1,
                                                 "deployments/delete"_L1, "deployments/select"_L1};
    return statements;
}

const EntityStatements &modelGroupStatements()
{
    static constexpr EntityStatements statements{}; // They are worked out of the deployments.
    return statements;
}

const ListShape &credentialList()
{
    static constexpr ListShape shape{.statement = "credentials/list"_L1,
                                     .count = "credentials/count"_L1,
                                     .id = "credential_id"_L1,
                                     .columns = credentialColumns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {}};
    return shape;
}

const ListShape &deploymentList()
{
    static constexpr ListShape shape{.statement = "deployments/list"_L1,
                                     .count = "deployments/count"_L1,
                                     .id = "deployment_id"_L1,
                                     .columns = deploymentColumns,
                                     .words = "words"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {}};
    return shape;
}

const ListShape &modelGroupList()
{
    static constexpr ListShape shape{.statement = "model_groups/list"_L1,
                                     .count = "model_groups/count"_L1,
                                     .id = "model_name"_L1,
                                     .columns = {},
                                     .words = "lower(model_name)"_L1,
                                     .wordIndex = {},
                                     .organization = {},
                                     .team = {},
                                     .user = {}};
    return shape;
}

Result<void> ModelTables::putSecret(const QString &credentialId, const QByteArray &sealed)
{
    return m_database.run("credentials/put_secret"_L1, {present(credentialId), sealed})
        .transform([](int) { });
}

Result<std::optional<QByteArray>> ModelTables::secretOf(const QString &credentialId)
{
    std::optional<QByteArray> found;
    TRY_VOID(
        m_database.each("credentials/select_secret"_L1, {present(credentialId)},
                        [&found](const QSqlQuery &row) { found = row.value(0).toByteArray(); }));
    return found;
}

Result<void> ModelTables::putCheck(const DeploymentCheck &check)
{
    return m_database.run("deployments/put_check"_L1, columnsOf(check)).transform([](int) { });
}

Result<QHash<QString, DeploymentCheck>> ModelTables::checksOf(const QStringList &deploymentIds)
{
    QHash<QString, DeploymentCheck> found;
    TRY_VOID(m_database.each("deployments/select_check"_L1, {textSet(deploymentIds)},
                             [&found](const QSqlQuery &row) {
                                 const auto check = structOf<DeploymentCheck>(row);
                                 found.insert(check.deploymentId, check);
                             }));
    return found;
}

Result<std::vector<StoredDeployment>> ModelTables::deploymentsOf(DeploymentSource source)
{
    std::vector<StoredDeployment> found;
    TRY_VOID(m_database.each("deployments/select_all"_L1, {}, [&](const QSqlQuery &row) {
        if (auto deployment = structOf<StoredDeployment>(row); deployment.source == source) {
            found.push_back(std::move(deployment));
        }
    }));
    return found;
}

Result<ports::StoredModels> ModelTables::load()
{
    ports::StoredModels models;
    TRY(models.deployments, deploymentsOf(DeploymentSource::Database));
    TRY_VOID(m_database.each("credentials/select_all"_L1, {}, [&models](const QSqlQuery &row) {
        ports::StoredCredential stored;
        int next = 0;
        readColumns(row, next, stored.credential);
        stored.sealed = row.value(next).toByteArray();
        models.credentials.push_back(std::move(stored));
    }));
    return models;
}

Result<qint64> ModelTables::version()
{
    qint64 version = 0;
    TRY_VOID(m_database.each("models/select_version"_L1, {}, [&version](const QSqlQuery &row) {
        version = row.value(0).toLongLong();
    }));
    return version;
}

} // namespace delta::store
