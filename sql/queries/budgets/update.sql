-- Replaces all of a budget but its id, when it was made, and its last reset.
-- Parameters: those of budgets/insert.
-- Index: primary key.
UPDATE budgets
SET
    scope = ?2,
    scope_id = ?3,
    member_id = ?4,
    max_budget_nanos = ?5,
    soft_budget_nanos = ?6,
    duration = ?7,
    reset = ?8,
    time_zone = ?9,
    increase_nanos = ?10,
    increase_ends_at = ?11,
    updated_at = ?12,
    revision = revision + 1
WHERE budget_id = ?1
