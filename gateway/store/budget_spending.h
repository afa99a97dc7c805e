#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <vector>

namespace delta::store {

class Database;
class JournalRow;

/// Reads what the calls of a budget cost that started at `since` or later: see ports::BudgetStore. `journal` is the one whose position is told. Whole
/// hours come from the roll-ups. Single calls are read for the part of an hour at the begin; for rolling
/// budgets of up to 60 hours, which forget in less than an hour; and for end users, whom the roll-ups do
/// not know. A rolling budget gets a sum for each second, minute or hour with calls, any other at most two.
[[nodiscard]] Result<ports::SpendingSoFar> spendingOf(Database &database, JournalRow &journal,
                                                      const Budget &budget, WallTime since);

/// The same without the position, within a transaction of the caller's.
[[nodiscard]] Result<std::vector<ports::Spending>> spendings(Database &database,
                                                             const Budget &budget, WallTime since);

} // namespace delta::store
