#pragma once

#include "gateway/admin/budget_service.h"
#include "gateway/admin/resources/entity_api.h"
#include "shared/models/managed_budget.h"

#include <vector>

namespace delta::admin {

/// What budgets need beside the rest. Borrowed; outlives them.
struct BudgetRoom {
    const ControlRoom &room;
    BudgetService &service;
};

[[nodiscard]] EntityKind<ManagedBudget> budgetKind(const BudgetRoom &room);

/// The routes of budgets beside those that all objects have: have one begin anew, and list when that was done. Called
/// on the thread that owns the store.
class BudgetCommands
{
public:
    BudgetCommands(const BudgetRoom &room, EntityApi<ManagedBudget> &budgets)
        : m_room(room)
        , m_budgets(budgets)
    {
    }
    BudgetCommands(const BudgetCommands &) = delete;
    BudgetCommands &operator=(const BudgetCommands &) = delete;

    [[nodiscard]] std::vector<AdminRoute> routes();

private:
    [[nodiscard]] Result<Answer> reset(const AdminCall &call);
    [[nodiscard]] Result<Answer> resets(const AdminCall &call);

    const BudgetRoom m_room;
    EntityApi<ManagedBudget> &m_budgets;
};

} // namespace delta::admin
