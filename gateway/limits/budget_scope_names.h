#pragma once

#include "shared/models/budget.h"
#include "shared/models/spend_entry.h"

#include <QByteArray>
#include <QByteArrayList>

namespace delta::limits {

/// Returns what names a budget's object among those of its scope.
[[nodiscard]] QByteArray scopeName(const Budget &budget);

/// Returns what names the call's objects of a scope; nothing if it has none.
[[nodiscard]] QByteArrayList scopeNames(const SpendEntry &call, BudgetScope scope);

} // namespace delta::limits
