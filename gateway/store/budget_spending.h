#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <chrono>
#include <vector>

namespace delta::store {

class Database;
class JournalRow;

/// Reads what the calls of a budget cost that started at `since` or later: see ports::BudgetStore. `journal` is the
/// one whose position is told. Whole hours come from the roll-ups. Single calls are read for the part of an hour at
/// the begin; for rolling budgets of less than 60 hours, which forget in less than an hour; and for end users, whom
/// the roll-ups do not know. There is a sum for each spendingGrain() with calls.
[[nodiscard]] Result<ports::SpendingSoFar> spendingOf(Database &database, JournalRow &journal,
                                                      const Budget &budget, WallTime since);

/// The same within a transaction of the caller's. What others post between the two is in the sums and not in the
/// position, so that it may count twice for who adds what comes behind the position, and never less than once.
[[nodiscard]] Result<ports::SpendingSoFar> spendingWithin(Database &database, JournalRow &journal,
                                                          const Budget &budget, WallTime since);

/// The same without the position.
[[nodiscard]] Result<std::vector<ports::Spending>> spendings(Database &database,
                                                             const Budget &budget, WallTime since);

/// Returns how much time one sum of them may hold. It counts as if all of it had been spent at its end: for a rolling
/// budget that must not be longer than a step in which it forgets, and for a window of the calendar not so long that
/// it might end in the next. The longest time: a budget without a duration.
[[nodiscard]] std::chrono::milliseconds spendingGrain(const Budget &budget);

} // namespace delta::store
