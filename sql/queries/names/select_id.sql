-- Finds the id of a name.
-- Parameters: 1 name.
-- Columns: id.
-- Index: unique index of name.
SELECT id
FROM names
WHERE name = ?1
