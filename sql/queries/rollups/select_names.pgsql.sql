-- Finds what names of a dimension are called.
-- Parameters: 1 dimension, 2 refs as a JSON array.
-- Columns: ref, name and, of a key, its alias.
-- Index: primary key of names, virtual_keys_key_id_key.
SELECT names.id, names.name, virtual_keys.alias
FROM json_array_elements_text(CAST(?2 AS JSON)) AS wanted (ref)
INNER JOIN names ON names.id = CAST(wanted.ref AS BIGINT)
LEFT JOIN virtual_keys ON virtual_keys.key_id = names.name AND CAST(?1 AS BIGINT) = 1
