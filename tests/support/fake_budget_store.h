#pragma once

#include "gateway/ports/budget_store.h"

#include <QHash>

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace delta::test {

/// A store in memory that keeps budgets, and knows what the test says was spent of them.
class FakeBudgetStore final : public ports::BudgetStore
{
public:
    [[nodiscard]] Result<std::vector<Budget>> loadBudgets() override
    {
        if (isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        return budgets;
    }
    [[nodiscard]] Result<void> insertBudget(const Budget &budget) override
    {
        if (isDown) {
            return failure(ApiError::storeUnavailable(QStringLiteral("down")));
        }
        if (find(budget.id) != budgets.end()) {
            return failure(ApiError::invalidRequest(QStringLiteral("That id is taken."),
                                                    QStringLiteral("budget_id")));
        }
        budgets.push_back(budget);
        std::ranges::sort(budgets, [](const Budget &a, const Budget &b) { return a.id < b.id; });
        ++version;
        return {};
    }
    [[nodiscard]] Result<bool> updateBudget(const Budget &budget) override
    {
        const auto found = find(budget.id);
        if (found == budgets.end()) {
            return false;
        }
        const std::optional<WallTime> lastReset = found->lastReset;
        *found = budget;
        found->lastReset = lastReset;
        ++version;
        return true;
    }
    [[nodiscard]] Result<bool> removeBudget(const QString &id) override
    {
        const auto count = std::erase_if(budgets,
                                         [&id](const Budget &budget) { return budget.id == id; });
        version += static_cast<qint64>(count);
        return count > 0;
    }
    [[nodiscard]] Result<std::optional<ports::ResetRecord>> resetBudget(
        const ports::ResetWish &wish) override
    {
        const auto found = find(wish.budgetId);
        if (found == budgets.end()) {
            return std::nullopt;
        }
        ports::ResetRecord record{static_cast<qint64>(resets.size()) + 1,
                                  wish.budgetId,
                                  wish.at,
                                  wish.by,
                                  wish.reason,
                                  {},
                                  {}};
        for (const ports::Spending &spending : spendings.value(wish.budgetId)) {
            record.spentBefore += spending.at < wish.at ? spending.amount : Money();
        }
        found->lastReset = wish.at;
        resets.push_back(record);
        ++version;
        return record;
    }
    [[nodiscard]] Result<std::vector<ports::ResetRecord>> resetsOf(const QString &budgetId) override
    {
        std::vector<ports::ResetRecord> found;
        std::ranges::copy_if(
            resets, std::back_inserter(found),
            [&budgetId](const ports::ResetRecord &record) { return record.budgetId == budgetId; });
        std::ranges::reverse(found);
        return found;
    }
    [[nodiscard]] Result<qint64> budgetVersion() override
    {
        return version;
    }
    [[nodiscard]] Result<ports::SpendingSoFar> spendingOf(const Budget &budget,
                                                          WallTime since) override
    {
        if (hidesSpending) {
            return failure(ApiError::storeUnavailable(QStringLiteral("busy")));
        }
        ports::SpendingSoFar soFar;
        for (const ports::Spending &spending : spendings.value(budget.id)) {
            if (spending.at >= since) {
                soFar.spendings.push_back(spending);
            }
        }
        return soFar;
    }

    std::vector<Budget> budgets;                            ///< By id.
    QHash<QString, std::vector<ports::Spending>> spendings; ///< By the id of the budget.
    std::vector<ports::ResetRecord> resets;                 ///< Oldest first.
    qint64 version = 0;
    bool isDown = false;        ///< It takes no budgets and gives none.
    bool hidesSpending = false; ///< It does not say what was spent.

private:
    std::vector<Budget>::iterator find(const QString &id)
    {
        return std::ranges::find_if(budgets,
                                    [&id](const Budget &budget) { return budget.id == id; });
    }
};

} // namespace delta::test
