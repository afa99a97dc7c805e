-- Reads the resets of budgets of whose windows all calls, or all sums of hours, are kept.
-- Parameters: none.
-- Columns: id, budget_id, reset_at, window_from, spent_before_nanos, scope, scope_id, member_id.
-- Index: primary key; every row is wanted.
SELECT
    r.id, r.budget_id, r.reset_at, r.window_from, r.spent_before_nanos, r.scope, r.scope_id, r.member_id
FROM budget_resets AS r
CROSS JOIN spend_retention AS k
WHERE
    k.id = 1
    AND r.reset_at >= k.events_from
    AND (r.window_from >= k.events_from OR (r.window_from % 3600000 = 0 AND r.scope <> 'end_user'))
ORDER BY r.id
