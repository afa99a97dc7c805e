-- Reads the number that changes with every change of a key.
-- Parameters: none.
-- Columns: version.
-- Index: primary key.
SELECT version
FROM key_version
WHERE id = 1
