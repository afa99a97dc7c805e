#include "gateway/app/budget_options.h"

#include "gateway/app/option_checks.h"

#include <CLI/CLI.hpp>
#include <QString>

#include <optional>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// These say what is wrong with a value; "" if nothing is.
std::string amountFault(const std::string &value)
{
    const auto amount = Money::fromUsd(textOf(value));
    if (!amount) {
        return amount.error().toStdString();
    }
    return *amount < Money() ? "must not be negative" : std::string();
}

std::string periodFault(const std::string &value)
{
    const auto period = Period::fromText(textOf(value));
    return period ? std::string() : period.error().toStdString();
}

std::optional<Money> amountOf(const std::string &value)
{
    const auto amount = Money::fromUsd(textOf(value));
    return amount ? std::optional(*amount) : std::nullopt;
}

std::optional<Period> periodOf(const std::string &value)
{
    const auto period = Period::fromText(textOf(value));
    return period ? std::optional(*period) : std::nullopt;
}

} // namespace

void addBudgetOptions(CLI::App &command, RawBudget &raw)
{
    command.add_option("--id", raw.id,
                       "Id of the budget to replace or make; a new one if not given");
    command
        .add_option("--scope", raw.scope, "Whose calls it counts, e.g. team, user, key or gateway")
        ->required()
        ->check(CLI::Validator(nameFault<BudgetScope>, {}));
    command.add_option("--scope-id", raw.scopeId, "Id or name of that team, user, key or model");
    command.add_option("--member", raw.member, "Id of one user, of all in the team");
    command.add_option("--max-budget", raw.maxBudget, "What may be spent; no limit if not given")
        ->type_name("USD")
        ->check(CLI::Validator(amountFault, {}));
    command
        .add_option("--soft-budget", raw.softBudget, "What is to be warned at; never if not given")
        ->type_name("USD")
        ->check(CLI::Validator(amountFault, {}));
    CLI::Option *duration = command
                                .add_option(
                                    "--duration", raw.duration,
                                    "When it begins anew, e.g. 1d, 7d, 1mo; never if not given")
                                ->check(CLI::Validator(periodFault, {}));
    command.add_flag("--rolling", raw.isRolling, "Look back over one duration at each moment")
        ->needs(duration);
    command.add_option("--timezone", raw.timeZone,
                       "Where midnight is, e.g. Europe/Berlin; UTC if not given");
}

void addKeyBudgetOptions(CLI::App &command, RawBudget &raw)
{
    CLI::Option *limit = command
                             .add_option("--max-budget", raw.maxBudget,
                                         "What each key may spend; no limit if not given")
                             ->type_name("USD")
                             ->check(CLI::Validator(amountFault, {}));
    command
        .add_option("--budget-duration", raw.duration,
                    "When that begins anew, e.g. 1d, 30d, 1mo; never if not given")
        ->check(CLI::Validator(periodFault, {}))
        ->needs(limit);
}

Budget budgetOf(const RawBudget &raw)
{
    Budget budget;
    budget.id = textOf(raw.id);
    budget.scope = enumValue<BudgetScope>(textOf(raw.scope)).value_or(budget.scope);
    budget.scopeId = textOf(raw.scopeId);
    budget.memberId = textOf(raw.member);
    if (budget.scope == BudgetScope::Team && !budget.memberId.isEmpty()) {
        budget.scope = BudgetScope::TeamMember;
    }
    budget.maxBudget = amountOf(raw.maxBudget);
    budget.softBudget = amountOf(raw.softBudget);
    budget.duration = periodOf(raw.duration);
    budget.reset = raw.isRolling ? BudgetReset::Rolling : BudgetReset::Calendar;
    if (!raw.timeZone.empty()) {
        budget.timeZone = textOf(raw.timeZone);
    }
    return budget;
}

} // namespace delta::app
