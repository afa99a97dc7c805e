-- Reads a budget as admins keep it.
-- Parameters: 1 budget_id.
-- Columns: as the parameters of budgets/insert_managed.
-- Index: primary key.
SELECT
    budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
    increase_nanos, increase_ends_at, last_reset_at, created_at, updated_at, revision
FROM budgets
WHERE budget_id = ?1
