#pragma once

#include "gateway/ports/budget_grants.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

namespace delta::store {

class Database;
class JournalRow;

/// See ports::BudgetGrants::renewGrant(). For PostgreSQL; `journal` is this gateway's.
[[nodiscard]] Result<void> renewGrant(Database &database, JournalRow &journal,
                                      const ports::GrantQuestion &question,
                                      const ports::BudgetGrants::Decide &decide);

/// See ports::BudgetGrants::dropGrants(). Likewise.
[[nodiscard]] Result<void> dropGrants(Database &database, JournalRow &journal);

} // namespace delta::store
