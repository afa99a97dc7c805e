-- Reads the newest resets of a budget, newest first.
-- Parameters: 1 budget_id, 2 how many at most.
-- Columns: id, budget_id, reset_at, reset_by, reason, window_from, spent_before_nanos.
-- Index: budget_resets_by_budget, already in order.
SELECT id, budget_id, reset_at, reset_by, reason, window_from, spent_before_nanos
FROM budget_resets
WHERE budget_id = ?1
ORDER BY reset_at DESC
LIMIT ?2
