#pragma once

#include "gateway/limits/budget_book.h"
#include "shared/core/api_error.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <QString>

namespace delta::pipeline {

/// What a call would have reserved.
struct Wanted {
    Money most;
    Money least; ///< With the shortest answer that is of use.
};

/// Returns the error for a call that wants more than a budget has left: which one, its limit, what is
/// spent and reserved of it, and when there is more again, at once where only calls under way stand in
/// the way.
[[nodiscard]] ApiError budgetError(const limits::BudgetState &budget, const Wanted &wanted,
                                   WallTime now);

/// Returns a time in UTC as RFC 3339 has it, to the second, rounded up: "2026-12-01T00:00:00Z".
[[nodiscard]] QString utcText(WallTime at);

} // namespace delta::pipeline
