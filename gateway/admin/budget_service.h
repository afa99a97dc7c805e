#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/limits/budget_loader.h"
#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace delta::admin {

/// Checks the form of a budget's id: 1 to 64 ASCII letters, digits, '-', '_' and '.'.
/// Errors: InvalidRequest naming `budget_id`.
[[nodiscard]] Result<void> checkBudgetId(const QString &id);

/// A budget after a reset.
struct BudgetRestart {
    limits::BudgetState state;
    ports::ResetRecord record;
};

/// Makes, changes, finds, resets and removes budgets, for the HTTP API and the command line alike.
/// In a gateway that runs, what is set holds when the function returns.
/// Blocks on the store: called on the thread that owns it.
class BudgetService
{
public:
    struct Parts {
        ports::BudgetStore &store;
        const Clock &clock;
        Random &random;
        /// Told of changes at once; null on the command line.
        limits::BudgetLoader *loader = nullptr;
        /// Knows how budgets stand at this moment; null on the command line, where the store is
        /// asked what was spent, and nothing is reserved.
        limits::BudgetBook *book = nullptr;
    };

    explicit BudgetService(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// Makes a budget; one without an id gets a random one. After an error there is none.
    /// Errors: InvalidRequest naming the field, also an id that is taken; StoreUnavailable.
    [[nodiscard]] Result<limits::BudgetState> create(Budget wish);
    /// Replaces the budget with that id, or makes one. Errors: as create() and replace().
    [[nodiscard]] Result<limits::BudgetState> set(const Budget &wish);
    /// Replaces the budget with that id by a whole new one. Returns nothing if there is none.
    /// Errors: InvalidRequest naming the field; StoreUnavailable, also if the change is stored and
    /// does not hold here yet: it may be tried again.
    [[nodiscard]] Result<std::optional<limits::BudgetState>> replace(const Budget &budget);
    /// Changes the fields that a patch names, see applyPatch(). Returns nothing if there is no such
    /// budget. Errors: as replace().
    [[nodiscard]] Result<std::optional<limits::BudgetState>> update(const QString &id,
                                                                    const QJsonObject &patch);
    /// Returns how a budget stands; nothing if there is none with that id. Errors:
    /// StoreUnavailable.
    [[nodiscard]] Result<std::optional<limits::BudgetState>> find(const QString &id);
    /// Returns how a budget stands that was read from the store: as is known here, or else as the store says. What other
    /// gateways spend of one that is not used here is in it as of when it last was. Errors: StoreUnavailable.
    [[nodiscard]] Result<limits::BudgetState> standing(const Budget &budget);
    /// Returns how all budgets stand, by id. What other gateways spend of one that is not used here is in
    /// it as of when it last was. Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<limits::BudgetState>> list();
    /// Removes a budget for good; what its calls cost stays in the ledger. Returns whether there
    /// was one. Errors: StoreUnavailable.
    [[nodiscard]] Result<bool> remove(const QString &id);
    /// Has a budget begin anew at this moment: what was spent or reserved before counts no more, and stays in the
    /// ledger. Holds here when it returns, on other gateways within a second. `by` and `reason` are kept for people.
    /// Returns nothing if there is no such budget. Errors: InvalidRequest naming `reason`; StoreUnavailable, also if
    /// the reset is stored and does not hold here yet: it may be tried again.
    [[nodiscard]] Result<std::optional<BudgetRestart>> reset(const QString &id, const QString &by,
                                                             const QString &reason = {});
    /// Does so with every budget that a key has, by id; none if it has none. Errors: as reset().
    [[nodiscard]] Result<std::vector<BudgetRestart>> resetOfKey(const QString &keyId,
                                                                const QString &by);
    /// Returns the resets of a budget, also of one that was removed, newest first, at most a thousand.
    /// Errors: StoreUnavailable.
    [[nodiscard]] Result<std::vector<ports::ResetRecord>> resets(const QString &id);
    /// Removes every budget that a key has, however it was made. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> removeOfKey(const QString &keyId);

    /// Makes the store have the budgets of a configuration file, and no others with such ids: all that other
    /// functions refuse to change. Does not tell the loader. Returns the ids of those that another file had left
    /// there, which were changed or removed. Errors: StoreUnavailable; it may be tried again.
    [[nodiscard]] Result<QStringList> adopt(const std::vector<Budget> &ofFile);

private:
    [[nodiscard]] Result<void> refresh();
    [[nodiscard]] Result<std::optional<Budget>> stored(const QString &id);
    [[nodiscard]] std::optional<limits::BudgetState> inBook(const QString &id);
    [[nodiscard]] Result<limits::BudgetState> stateOf(const Budget &budget);
    [[nodiscard]] Result<limits::BudgetState> readState(const Budget &budget);

    Parts m_parts;
};

} // namespace delta::admin
