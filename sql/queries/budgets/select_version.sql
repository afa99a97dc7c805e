-- Reads the number that changes with every change of a budget.
-- Parameters: none.
-- Columns: version.
-- Index: primary key.
SELECT version
FROM budget_version
WHERE id = 1
