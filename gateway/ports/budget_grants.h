#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

#include <chrono>
#include <functional>
#include <optional>

namespace delta::ports {

/// A budget, and the first moment from which its calls count.
struct GrantQuestion {
    Budget budget;
    WallTime since{};
};

/// What a database that several gateways share knows of one budget.
struct GrantPicture {
    SpendingSoFar before; ///< Of all gateways; its offset is that of this one's journal.
    /// What other gateways hold: at least what they have reserved, and what they have settled and the
    /// database does not show yet.
    Money elsewhere;
};

/// What one gateway holds of a budget, so that no other spends it.
struct Grant {
    Money amount; ///< Not below zero. Zero: nothing is held.
    /// For how long others leave it alone if this gateway is not heard of again; absent: for ever.
    std::optional<std::chrono::milliseconds> lifetime;
};

/// Where gateways that share a database tell one another what they hold of their budgets. Used from one
/// thread at a time. Errors of all functions: StoreUnavailable.
class BudgetGrants
{
public:
    using Decide = std::function<Grant(const GrantPicture &)>;

    virtual ~BudgetGrants() = default;
    /// Reads what is known of a budget, and writes what this gateway holds of it from now on: what `decide`
    /// says, which is called once. No other gateway is between the two. Does nothing, and does not call it,
    /// if the budget is gone.
    /// After an error either the old grant holds or the new one.
    [[nodiscard]] virtual Result<void> renewGrant(const GrantQuestion &question,
                                                  const Decide &decide) = 0;
    /// Gives back all that this gateway holds. Only while no call is under way, and when all that it ever
    /// settled is in the database.
    [[nodiscard]] virtual Result<void> dropGrants() = 0;
};

} // namespace delta::ports
