#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QString>
#include <QtTypes>

#include <cstdint>
#include <optional>
#include <vector>

namespace delta::ports {

/// Money that the calls of one budget cost, and when. Sums of many calls may come as one.
struct Spending {
    WallTime at{}; ///< When the calls started; of a sum, not before the last of them.
    Money amount;

    bool operator==(const Spending &) const = default;
};

/// What the store knows of a budget's spend.
struct SpendingSoFar {
    /// Every settlement before this journal offset is in it, and none after.
    std::uint64_t applied = 0;
    std::vector<Spending> spendings; ///< In no order.
};

/// A reset of a budget that somebody wants.
struct ResetWish {
    QString budgetId;
    WallTime
        at{};   ///< The first moment that counts after it. The store takes a later one if need be.
    QString by; ///< Who wants it, for people.
    QString reason; ///< Why, for people; may be empty.
};

/// A reset as it is kept for good.
struct ResetRecord {
    qint64 id = 0;
    QString budgetId;
    WallTime at{}; ///< The first moment that counts after it; later than that of any earlier one.
    QString by;
    QString reason;
    WallTime windowBegin{}; ///< Since when the budget counted; the epoch: since ever.
    /// What the store knew as spent from then on up to `at`. Calls under way may have added to it since.
    Money spentBefore;

    bool operator==(const ResetRecord &) const = default;
};

/// The part of the store that knows budgets. Used from one thread at a time.
class BudgetStore
{
public:
    virtual ~BudgetStore() = default;
    /// Returns all budgets, by id.
    [[nodiscard]] virtual Result<std::vector<Budget>> loadBudgets() = 0;
    /// Adds a budget. Errors: InvalidRequest naming `budget_id` if another budget has that id.
    [[nodiscard]] virtual Result<void> insertBudget(const Budget &budget) = 0;
    /// Replaces the budget with the same id, but for its last reset. Returns whether there was one.
    [[nodiscard]] virtual Result<bool> updateBudget(const Budget &budget) = 0;
    /// Removes a budget. Returns whether it was there.
    [[nodiscard]] virtual Result<bool> removeBudget(const QString &id) = 0;
    /// Returns a number that changes whenever any process changes a budget.
    [[nodiscard]] virtual Result<qint64> budgetVersion() = 0;
    /// Has a budget count from a moment on, and notes that for good, both or neither. It is later than the
    /// last reset of that id, also of a budget that is gone. Returns nothing if there is no such budget.
    [[nodiscard]] virtual Result<std::optional<ResetRecord>> resetBudget(const ResetWish &wish) = 0;
    /// Returns the resets of a budget, also of one that is gone, newest first, at most a thousand.
    [[nodiscard]] virtual Result<std::vector<ResetRecord>> resetsOf(const QString &budgetId) = 0;
    /// Returns what the calls of a budget cost that started at `since` or later. Sums of an hour are
    /// placed at the end of the hour, so that a window never forgets them too early.
    [[nodiscard]] virtual Result<SpendingSoFar> spendingOf(const Budget &budget,
                                                           WallTime since) = 0;
};

} // namespace delta::ports
