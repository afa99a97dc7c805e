#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <QString>

#include <optional>
#include <vector>

namespace delta::limits {

/// How a budget stands.
struct BudgetState {
    Budget budget;
    Money
        spent; ///< By calls that are settled, in the time that counts. Of all gateways, as last seen.
    Money reserved;                   ///< By calls under way in this gateway.
    std::optional<Money> limit;       ///< As of now; absent: none.
    std::optional<WallTime> renewsAt; ///< When there is more again; absent: not by itself.
    Money elsewhere = {};             ///< What other gateways held when it was last seen.

    /// Returns what calls of this gateway may have at most: not below zero; all there is if there is no
    /// limit. Some of it may be held by other gateways.
    [[nodiscard]] Money left() const;
};

/// Why a budget cannot pay.
struct BudgetShortage : BudgetState {
    Money afford; ///< What it could pay at this moment.
    /// The budgets of the call that could pay as far as is known, but for which the database that
    /// gateways share has to be asked first. Empty: asking helps nothing.
    std::vector<QString> lacking;
};

} // namespace delta::limits
