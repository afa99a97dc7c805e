-- Reads how far the journal is applied.
-- Parameters: none.
-- Columns: applied, retain.
-- Index: primary key.
SELECT applied, retain
FROM journal_state
WHERE id = 1
