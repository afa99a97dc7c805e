#include "gateway/admin/resources/configured_deployments.h"

#include "gateway/store/control_tables.h"

#include <QHash>

#include <algorithm>

namespace delta::admin {

namespace {

using Shown = QHash<QString, StoredDeployment>; ///< By id.

Result<Shown> readShown(store::ControlTables &tables)
{
    TRY(const std::vector<StoredDeployment> rows,
        tables.models.deploymentsOf(DeploymentSource::File));
    Shown shown;
    for (const StoredDeployment &row : rows) {
        shown.insert(row.id, row);
    }
    return shown;
}

/// Says whether the rows are what is wanted but for their stamps.
bool isShown(const Shown &shown, const std::vector<StoredDeployment> &deployments)
{
    return std::ranges::all_of(deployments,
                               [&shown](StoredDeployment wanted) {
                                   const auto row = shown.constFind(wanted.id);
                                   if (row == shown.cend()) {
                                       return false;
                                   }
                                   wanted.stamp = row->stamp;
                                   return wanted == *row;
                               })
        && shown.size() == std::ssize(deployments);
}

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
    // A database that nobody can write to just now, or only reads for, must not keep a gateway from its start.
    bool isUpToDate = false;
    TRY_VOID(store.look([&](store::ControlTables &tables) {
        return readShown(tables).transform(
            [&](const Shown &shown) { isUpToDate = isShown(shown, deployments); });
    }));
    if (isUpToDate) {
        return {};
    }
    return store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(Shown shown, readShown(tables));
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
