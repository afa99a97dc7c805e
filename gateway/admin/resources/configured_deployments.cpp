#include "gateway/admin/resources/configured_deployments.h"

#include "gateway/store/control_tables.h"

#include <QHash>

namespace delta::admin {

namespace {

using Shown = QHash<QString, StoredDeployment>; ///< By id.

Result<void> put(store::ControlTables &tables, StoredDeployment wanted, const Shown &shown,
                 WallTime now)
{
    const auto before = shown.constFind(wanted.id);
    if (before == shown.cend()) {
        TRY(const std::optional<StoredDeployment> other, tables.deployments.find({wanted.id}));
        wanted.stamp = {.createdAt = now, .updatedAt = now, .revision = 1};
        return other ? Result<void>() : tables.deployments.insert(wanted);
    }
    wanted.stamp = before->stamp;
    if (wanted == *before) {
        return {};
    }
    wanted.stamp.updatedAt = now;
    ++wanted.stamp.revision;
    return tables.deployments.update(wanted).transform([](bool) { });
}

} // namespace

Result<void> showConfigured(store::Store &store, const std::vector<StoredDeployment> &deployments,
                            WallTime now)
{
    return store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(const std::vector<StoredDeployment> rows,
            tables.models.deploymentsOf(DeploymentSource::File));
        Shown shown;
        for (const StoredDeployment &row : rows) {
            shown.insert(row.id, row);
        }
        for (const StoredDeployment &deployment : deployments) {
            TRY_VOID(put(tables, deployment, shown, now));
            shown.remove(deployment.id);
        }
        for (const StoredDeployment &gone : std::as_const(shown)) {
            TRY_VOID(tables.deployments.remove({gone.id}));
        }
        return {};
    });
}

} // namespace delta::admin
