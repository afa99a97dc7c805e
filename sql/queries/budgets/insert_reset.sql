-- Notes a reset of a budget.
-- Parameters: 1 budget_id, 2 reset_at, 3 reset_by, 4 reason, 5 window_from, 6 spent_before_nanos, 7 scope,
--   8 scope_id, 9 member_id.
INSERT INTO budget_resets
    (budget_id, reset_at, reset_by, reason, window_from, spent_before_nanos, scope, scope_id, member_id)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
