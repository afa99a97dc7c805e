#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace delta::store {

class Database;

/// Has a budget count from a moment on: see ports::BudgetStore. In the caller's open Transaction, under the lock of the
/// budget's row, which renewGrant() takes too.
[[nodiscard]] Result<std::optional<ports::ResetRecord>> resetBudget(Database &database,
                                                                    const ports::ResetWish &wish);

/// Reads the resets of a budget: see ports::BudgetStore.
[[nodiscard]] Result<std::vector<ports::ResetRecord>> resetsOf(Database &database,
                                                               const QString &budgetId);

/// Returns a sentence for each reset of which more was noted as spent than the calls of its window cost, within a
/// transaction of the caller's. Those whose calls are no longer kept are left out.
[[nodiscard]] Result<QStringList> resetsWithoutCalls(Database &database);

} // namespace delta::store
