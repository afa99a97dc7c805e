-- Finds the id of a journal.
-- Parameters: 1 its name.
-- Columns: id.
-- Index: unique index of name.
SELECT id
FROM journals
WHERE name = ?1
