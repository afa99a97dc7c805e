-- Adds a budget.
-- Parameters: 1 budget_id, 2 scope, 3 scope_id, 4 member_id, 5 max_budget_nanos, 6 soft_budget_nanos, 7 duration,
--   8 reset, 9 time_zone, 10 increase_nanos, 11 increase_ends_at, 12 last_reset_at, 13 created_at, 14 updated_at,
--   15 revision.
-- Index: none.
INSERT INTO budgets
    (budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
     increase_nanos, increase_ends_at, last_reset_at, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
