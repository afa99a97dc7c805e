-- Finds what people call a key.
-- Parameters: 1 id of the key.
-- Columns: alias, null if it has none.
-- Index: unique key_id.
SELECT alias
FROM virtual_keys
WHERE key_id = ?1
