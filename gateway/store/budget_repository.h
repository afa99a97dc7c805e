#pragma once

#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QString>
#include <QStringList>
#include <QtTypes>

#include <optional>
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
    /// Reads a budget, and lets nobody else change it or what is held of it until the transaction of the caller
    /// ends. Returns nothing if there is none with that id. Errors: as loadAll().
    [[nodiscard]] Result<std::optional<Budget>> lock(const QString &id);
    /// Returns those of some budgets that there are. Errors: as loadAll().
    [[nodiscard]] Result<std::vector<Budget>> find(const QStringList &ids);
    /// `at`: when it is made; likewise, when it is changed.
    [[nodiscard]] Result<void> insert(const Budget &budget, WallTime at);
    [[nodiscard]] Result<bool> update(const Budget &budget, WallTime at);
    [[nodiscard]] Result<bool> remove(const QString &id);
    /// Removes all budgets of an object.
    [[nodiscard]] Result<void> removeOf(BudgetScope scope, const QString &scopeId);
    [[nodiscard]] Result<qint64> version();

private:
    Database &m_database;
};

} // namespace delta::store
