-- Lets one gateway at a time change what is held of a budget, until its transaction ends.
-- Parameters: 1 budget_id.
-- Columns: budget_id.
-- Index: primary key.
SELECT budget_id
FROM budgets
WHERE budget_id = ?1
FOR UPDATE
