#include "shared/models/budget_terms.h"

namespace delta {

BudgetTerms BudgetTerms::of(const Budget &budget)
{
    return {.maxBudget = budget.maxBudget,
            .softBudget = budget.softBudget,
            .duration = budget.duration,
            .reset = budget.reset,
            .timeZone = budget.timeZone,
            .increase = budget.increase,
            .increaseUntil = budget.increaseUntil};
}

Budget BudgetTerms::toBudget(const QString &id, BudgetScope scope, const QString &scopeId) const
{
    return {.id = id,
            .scope = scope,
            .scopeId = scopeId,
            .memberId = {},
            .maxBudget = maxBudget,
            .softBudget = softBudget,
            .duration = duration,
            .reset = reset,
            .timeZone = timeZone,
            .increase = increase,
            .increaseUntil = increaseUntil,
            .lastReset = {}};
}

} // namespace delta
