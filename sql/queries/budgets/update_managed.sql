-- Changes the terms of a budget, if nobody else did meanwhile. Whose calls it counts stays, and its last reset.
-- Parameters: those of budgets/insert_managed.
-- Index: primary key.
UPDATE budgets
SET
    max_budget_nanos = ?5, soft_budget_nanos = ?6, duration = ?7, reset = ?8, time_zone = ?9,
    increase_nanos = ?10, increase_ends_at = ?11, updated_at = ?14, revision = ?15
WHERE budget_id = ?1 AND revision = ?15 - 1
