#include "gateway/limits/budget_loader.h"

#include <utility>
#include <vector>

namespace delta::limits {

Result<void> BudgetLoader::refresh()
{
    TRY_VOID(load());
    prune();
    return {};
}

void BudgetLoader::prune()
{
    for (const QString &id : std::exchange(m_gone, {})) {
        m_parts.book.remove(id);
    }
}

Result<void> BudgetLoader::load()
{
    TRY(const qint64 version, m_parts.store.budgetVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the budgets: what changes in between is loaded once more.
    TRY(const std::vector<Budget> budgets, m_parts.store.loadBudgets());
    TRY_VOID(put(budgets));
    m_version = version;
    return {};
}

Result<void> BudgetLoader::put(const std::vector<Budget> &budgets)
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
    m_gone = (m_gone + (m_ids - ids)) - ids;
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
