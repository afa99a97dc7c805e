-- Reads all budgets, by id.
-- Parameters: none.
-- Columns: those of budgets, in order.
-- Index: primary key, already in order; every row is wanted.
SELECT
    budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
    increase_nanos, increase_ends_at, last_reset_at
FROM budgets
ORDER BY budget_id
