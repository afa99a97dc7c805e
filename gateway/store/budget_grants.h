#pragma once

#include "gateway/ports/budget_grants.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/budget.h"

namespace delta::store {

class BudgetTallies;
class Database;
class JournalRow;

/// Where grants are kept, and what a gateway knows for them. All of one connection.
struct GrantRoom {
    Database &database;
    JournalRow &journal; ///< This gateway's.
    BudgetTallies &tallies;
};

/// See ports::BudgetGrants::renewGrant(). For PostgreSQL.
[[nodiscard]] Result<void> renewGrant(const GrantRoom &room, const ports::GrantQuestion &question,
                                      const ports::BudgetGrants::Decide &decide);

/// See ports::BudgetGrants::dropGrants(). Likewise.
[[nodiscard]] Result<void> dropGrants(Database &database, JournalRow &journal);

} // namespace delta::store
