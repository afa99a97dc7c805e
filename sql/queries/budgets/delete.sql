-- Removes a budget. What its calls cost stays.
-- Parameters: 1 budget_id.
-- Index: primary key.
DELETE FROM budgets
WHERE budget_id = ?1
