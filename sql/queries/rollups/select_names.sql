-- Finds what names of a dimension are called.
-- Parameters: 1 dimension, 2 refs as a JSON array.
-- Columns: ref, name and, of a key, its alias.
-- Index: primary key of names, sqlite_autoindex_virtual_keys_1.
SELECT names.id, names.name, virtual_keys.alias
FROM json_each(?2) AS wanted
CROSS JOIN names ON names.id = wanted.value
LEFT JOIN virtual_keys ON virtual_keys.key_id = names.name AND CAST(?1 AS BIGINT) = 1
