-- Reads how far every journal is applied: there is one.
-- Parameters: none.
-- Columns: id, applied.
-- Index: primary key.
SELECT 0, applied
FROM journal_state
WHERE id = 1
