-- Says whether the database has been migrated at all.
-- Parameters: none.
-- Columns: 1 if there is a table of versions, else 0.
-- Index: the schema table, which is small.
SELECT COUNT(*)
FROM sqlite_schema
WHERE type = 'table' AND name = 'schema_version'
