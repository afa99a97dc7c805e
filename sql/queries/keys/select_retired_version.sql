-- Reads how often former texts of virtual keys were changed.
-- Parameters: none.
-- Columns: version.
-- Index: the only row.
SELECT version
FROM retired_version
