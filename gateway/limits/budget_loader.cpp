#include "gateway/limits/budget_loader.h"

#include <vector>

namespace delta::limits {

Result<void> BudgetLoader::refresh()
{
    TRY(const qint64 version, m_parts.store.budgetVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the budgets: what changes in between is loaded once more.
    TRY(const std::vector<Budget> budgets, m_parts.store.loadBudgets());
    TRY_VOID(load(budgets));
    m_version = version;
    return {};
}

Result<void> BudgetLoader::load(const std::vector<Budget> &budgets)
{
    const WallTime now = m_parts.clock.wall();
    std::vector<std::pair<Budget, WallTime>> unknown;
    QSet<QString> ids;
    for (const Budget &budget : budgets) {
        ids.insert(budget.id);
        if (const auto since = m_parts.book.put(budget, now)) {
            unknown.emplace_back(budget, *since);
        }
    }
    for (const QString &id : m_ids - ids) {
        m_parts.book.remove(id);
    }
    m_ids = ids;
    return unknown.empty() ? Result<void>() : loadSpending(unknown);
}

Result<void> BudgetLoader::loadSpending(const std::vector<std::pair<Budget, WallTime>> &unknown)
{
    // What was settled before the budgets were put is not counted by the book, so the store must have it.
    TRY_VOID(m_parts.flush());
    for (const auto &[budget, since] : unknown) {
        TRY(const ports::SpendingSoFar spending, m_parts.store.spendingOf(budget, since));
        m_parts.book.load(budget.id, spending);
    }
    return {};
}

} // namespace delta::limits
