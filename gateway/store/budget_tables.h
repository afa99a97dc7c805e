#pragma once

#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"

namespace delta::store {

/// Of budgets as admins keep them: ManagedBudget.
[[nodiscard]] const EntityStatements &managedBudgetStatements();
[[nodiscard]] const ListShape &managedBudgetList();

} // namespace delta::store
