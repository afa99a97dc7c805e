#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QSet>
#include <QString>

#include <functional>
#include <optional>
#include <utility>

namespace delta::limits {

/// Brings the budgets of the store, and what was spent of them, into the book. Called on the thread that
/// owns the store.
class BudgetLoader
{
public:
    struct Parts {
        ports::BudgetStore &store;
        BudgetBook &book;
        const Clock &clock;
        /// Has the store take all that is settled by now; see Ledger::flush().
        std::function<Result<void>()> flush;
    };

    explicit BudgetLoader(Parts parts)
        : m_parts(std::move(parts))
    {
    }

    /// Brings what is new in the store into the book; cheap if no process changed any budget since.
    /// Errors: StoreUnavailable. Then the book has the budgets that it had, new ones perhaps without
    /// their spend, which limit nothing yet; it may be tried again.
    [[nodiscard]] Result<void> load();
    /// Takes out of the book what was gone from the store at the last load().
    void prune();
    /// Both. Errors: as load().
    [[nodiscard]] Result<void> refresh();
    /// Has the store take all that is settled by now. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> flush()
    {
        return m_parts.flush();
    }

private:
    [[nodiscard]] Result<void> put(const std::vector<Budget> &budgets);
    [[nodiscard]] Result<void> loadSpending(
        const std::vector<std::pair<Budget, WallTime>> &unknown);

    Parts m_parts;
    std::optional<qint64> m_version; ///< Of the budgets in the book; nothing before the first load.
    QSet<QString> m_ids;             ///< Those in the store.
    QSet<QString> m_gone;            ///< Those in the book that the store has no more.
};

} // namespace delta::limits
