#pragma once

#include "shared/models/budget.h"

#include <string>

namespace CLI {
class App;
}

namespace delta::app {

/// A budget as it stands on the command line. A text is empty if its option is not given.
struct RawBudget {
    std::string id;
    std::string scope;
    std::string scopeId;
    std::string member;
    std::string maxBudget;
    std::string softBudget;
    std::string duration;
    std::string timeZone;
    bool isRolling = false;
};

/// Adds the options of `budgets set`. A value that means nothing makes the command line a wrong
/// one.
void addBudgetOptions(CLI::App &command, RawBudget &raw);

/// Adds the options by which `keys create` gives each key a budget, likewise.
void addKeyBudgetOptions(CLI::App &command, RawBudget &raw);

/// Returns what the texts mean, which were checked. A member of a team has a scope of its own.
[[nodiscard]] Budget budgetOf(const RawBudget &raw);

} // namespace delta::app
