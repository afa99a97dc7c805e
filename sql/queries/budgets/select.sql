-- Reads one budget.
-- Parameters: 1 budget_id.
-- Columns: those of budgets, in order.
-- Index: primary key.
SELECT
    budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
    increase_nanos, increase_ends_at, last_reset_at
FROM budgets
WHERE budget_id = ?1
