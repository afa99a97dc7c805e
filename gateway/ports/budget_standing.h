#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <optional>

namespace delta::ports {

/// How a budget stands after something happened to it: what its owner may have to be told of.
struct BudgetStanding {
    Budget budget;
    Money spent;                         ///< By calls that are settled, in the time that counts.
    std::optional<Money> limit;          ///< As of now; absent: none.
    std::optional<WallTime> windowBegin; ///< Of the calendar's window; absent: it has none.
    std::optional<WallTime> windowEnd;   ///< When that begins anew; absent likewise.
    bool refusesCalls =
        false; ///< A call was refused a short while ago, because it could not be paid for.
};

} // namespace delta::ports
