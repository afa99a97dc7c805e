-- Has a budget count from a moment on.
-- Parameters: 1 budget_id, 2 last_reset_at in milliseconds.
-- Index: primary key.
UPDATE budgets
SET last_reset_at = ?2
WHERE budget_id = ?1
