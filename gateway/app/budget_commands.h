#pragma once

#include "gateway/app/options.h"
#include "gateway/limits/budget_book.h"

#include <QString>

namespace delta::app {

/// Prints each budget: whose it is, what is spent of what, and when there is more again.
[[nodiscard]] ExitCode listBudgets(const Options &options);

/// Makes a budget or replaces the one with that id; gateways that run on the same store hold to it
/// within a second.
[[nodiscard]] ExitCode setBudget(const Options &options);

/// Has a budget begin anew, likewise.
[[nodiscard]] ExitCode resetBudget(const Options &options);

/// Removes a budget, likewise.
[[nodiscard]] ExitCode removeBudget(const Options &options);

/// Says what may be spent, and in which time: "25 USD per 30d", "no limit".
[[nodiscard]] QString limitText(const limits::BudgetState &state);

} // namespace delta::app
