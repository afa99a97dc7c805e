#pragma once

#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QString>
#include <QtTypes>

#include <vector>

namespace delta::store {

class Database;

/// The table of budgets. See ports::BudgetStore for the functions; what a budget's calls cost is read by
/// spendingOf() of budget_spending.h.
class BudgetRepository
{
public:
    /// `database` must outlive the repository.
    explicit BudgetRepository(Database &database)
        : m_database(database)
    {
    }
    BudgetRepository(const BudgetRepository &) = delete;
    BudgetRepository &operator=(const BudgetRepository &) = delete;

    /// Errors: StoreUnavailable if one of them cannot be understood: without it, more could be spent than
    /// was allowed.
    [[nodiscard]] Result<std::vector<Budget>> loadAll();
    [[nodiscard]] Result<void> insert(const Budget &budget);
    [[nodiscard]] Result<bool> update(const Budget &budget);
    [[nodiscard]] Result<bool> remove(const QString &id);
    [[nodiscard]] Result<qint64> version();

private:
    Database &m_database;
};

} // namespace delta::store
