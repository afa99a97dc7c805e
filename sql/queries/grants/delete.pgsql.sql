-- Notes that a gateway holds nothing of a budget.
-- Parameters: 1 budget_id, 2 id of its journal.
-- Index: primary key.
DELETE FROM budget_grants
WHERE budget_id = ?1 AND journal_id = ?2
