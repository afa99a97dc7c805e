-- Says whether there is a virtual key at all.
-- Parameters: none.
-- Columns: 1, if there is one.
-- Index: primary key.
SELECT 1 FROM virtual_keys LIMIT 1
