#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <optional>

namespace delta::ports {

/// How a budget stands after something happened to it: what its owner may have to be told of.
struct BudgetStanding {
    Budget budget;
    Money spent;                ///< By calls that are settled, in the time that counts.
    std::optional<Money> limit; ///< As of now; absent: none.
    /// Of the calendar's window, or the last reset if that is later or there is none; absent: neither is.
    std::optional<WallTime> windowBegin;
    std::optional<WallTime> windowEnd; ///< When the calendar's begins anew; absent: it has none.
    bool refusesCalls =
        false; ///< A call was refused a short while ago, because it could not be paid for.
};

} // namespace delta::ports
