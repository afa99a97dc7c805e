-- Reads the version of the schema.
-- Parameters: none.
-- Columns: the highest migration that was applied; 0 if none.
-- Index: primary key.
SELECT COALESCE(MAX(version), 0)
FROM schema_version
