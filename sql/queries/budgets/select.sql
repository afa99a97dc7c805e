-- Reads some budgets.
-- Parameters: 1 their budget_ids, as the names of a JSON object.
-- Columns: those of budgets, in order.
-- Index: primary key.
SELECT
    b.budget_id, b.scope, b.scope_id, b.member_id, b.max_budget_nanos, b.soft_budget_nanos, b.duration, b.reset,
    b.time_zone, b.increase_nanos, b.increase_ends_at, b.last_reset_at
FROM json_each(?1) AS wanted
CROSS JOIN budgets AS b
WHERE b.budget_id = wanted.key
