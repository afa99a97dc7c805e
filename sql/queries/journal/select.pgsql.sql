-- Reads how far a journal is applied, and lets nobody else move it until the transaction ends.
-- Parameters: 1 id of the journal.
-- Columns: applied, retain.
-- Index: primary key.
SELECT applied, retain
FROM journals
WHERE id = ?1
