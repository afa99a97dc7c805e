#pragma once

#include "gateway/limits/budget_grant.h"
#include "gateway/limits/budget_state.h"
#include "gateway/limits/spend_window.h"
#include "gateway/ports/budget_grants.h"
#include "gateway/ports/budget_standing.h"
#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace delta::limits {

/// More than any budget has.
inline constexpr Money endlessMoney = Money::fromNanos(std::numeric_limits<std::int64_t>::max());

/// A budget with what is counted against it. Owned by the book, guarded by its lock; a hold keeps it
/// alive when it is removed meanwhile.
struct BudgetAccount {
    BudgetAccount(const Budget &its, WallTime now)
        : budget(its)
        , window(its, now)
    {
    }
    [[nodiscard]] bool limits() const
    {
        return isLoaded && budget.maxBudget;
    }
    /// Returns what the limit leaves, as far as is known.
    [[nodiscard]] Money leftAt(WallTime now);
    /// Returns what of that may be reserved without asking the database of several gateways.
    [[nodiscard]] Money roomAt(WallTime now);
    [[nodiscard]] BudgetState stateAt(WallTime now);
    [[nodiscard]] ports::BudgetStanding standingAt(WallTime now);
    void count(const Settlement &settlement);
    void load(const ports::SpendingSoFar &before, WallTime now);
    /// Takes over what the budget has become; it still counts the same.
    void change(const Budget &its);
    /// Takes over what a database of several gateways shows as spent before that offset of our journal.
    void see(SpendWindow fresh, std::uint64_t applied);
    /// Takes over all that it shows. `fresh` has all that it shows as spent.
    /// Returns what this gateway is to hold, if calls ask for so much more.
    [[nodiscard]] ports::Grant renew(SpendWindow fresh, const ports::GrantPicture &seen,
                                     Money asked, WallTime now);
    /// Returns what this gateway is to hold where the database was asked for an account that this one has taken the
    /// place of since: what both need, and no more.
    [[nodiscard]] ports::Grant heldInPlaceOf(const BudgetAccount &old, WallTime now) const;

    Budget budget;
    SpendWindow window;
    /// Shared with the account that this one takes the place of, so that no hold is forgotten.
    std::shared_ptr<Money> reserved = std::make_shared<Money>();
    std::shared_ptr<BudgetAccount> predecessor; ///< Limits in its place until it is loaded.
    std::optional<WallTime> refusedAt;          ///< When a call was last refused; absent: none was.
    bool isNews = false;                        ///< Its id is among the book's news.
    bool isLoaded = false;
    std::uint64_t loadedUpTo = 0;     ///< What was settled before this is in what the store showed.
    std::vector<Settlement> waiting;  ///< For load().
    std::optional<BudgetGrant> grant; ///< Absent: no other gateway spends of it.
    Money elsewhere;                  ///< What others held when the database was last asked.
    bool isBusy = false;              ///< It is among those that are to be renewed.
    bool isUsed = false;              ///< Since it was last renewed.
};

} // namespace delta::limits
