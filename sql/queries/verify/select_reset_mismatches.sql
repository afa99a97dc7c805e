-- Finds resets of a budget that were noted later than one and begin no later, and budgets whose last reset is not
-- their newest.
-- Parameters: none.
-- Columns: budget_id, id of the reset; null: the budget itself is wrong.
-- Index: budget_resets_by_budget.
SELECT r.budget_id, r.id
FROM budget_resets AS r
WHERE
    EXISTS (
        SELECT 1
        FROM budget_resets AS e
        WHERE e.budget_id = r.budget_id AND e.id < r.id AND e.reset_at >= r.reset_at
    )
UNION ALL
SELECT b.budget_id, NULL
FROM budgets AS b
WHERE
    b.last_reset_at IS NOT NULL
    AND b.last_reset_at IS DISTINCT FROM (
        SELECT MAX(r.reset_at)
        FROM budget_resets AS r
        WHERE r.budget_id = b.budget_id
    )
LIMIT 1000
