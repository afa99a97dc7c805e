-- Counts all of them.
-- Parameters: none.
-- Columns: how many there are, whether that is an estimate.
-- Index: the smallest, whole.
SELECT COUNT(*), 0
FROM budgets
