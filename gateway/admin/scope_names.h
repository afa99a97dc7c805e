#pragma once

#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QString>

namespace delta::admin {

/// Checks a name of what a limit or a budget is for, which is shown on one line: at most 256 bytes, as of
/// what calls name, and nothing unprintable. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<void> checkScopeName(const QString &name, const QString &field);

/// Refuses a key itself where its id is to stand: it would be kept and shown, and no call ever names it so.
/// Errors: InvalidRequest naming `scope_id`.
[[nodiscard]] Result<void> refuseKeyItself(const QString &scopeId);

/// Checks the names by which a budget says whose calls it counts. Errors: those of the two above.
[[nodiscard]] Result<void> checkBudgetNames(const Budget &budget);

} // namespace delta::admin
