-- Adds a budget.
-- Parameters: the columns in order; max_budget_nanos, soft_budget_nanos, duration and increase_ends_at may be
--   null. 12 is when it is made.
INSERT INTO budgets
    (budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
     increase_nanos, increase_ends_at, created_at, updated_at)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
