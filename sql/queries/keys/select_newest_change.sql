-- Reads which change of a virtual key was the newest.
-- Parameters: none.
-- Columns: version, stamp; there is always a row.
-- Index: primary key.
SELECT version, stamp
FROM key_changes
ORDER BY version DESC
LIMIT 1
