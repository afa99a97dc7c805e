-- Notes that a gateway holds nothing of any budget.
-- Parameters: 1 id of its journal.
-- Index: budget_grants_by_journal.
DELETE FROM budget_grants
WHERE journal_id = ?1
