#include "shared/models/managed_budget.h"

namespace delta {

Budget ManagedBudget::toBudget() const
{
    Budget budget = terms.toBudget(id, scope, scopeId);
    budget.memberId = memberId;
    budget.lastReset = lastReset;
    return budget;
}

Result<void> ManagedBudget::validate() const
{
    return toBudget().validate();
}

} // namespace delta
