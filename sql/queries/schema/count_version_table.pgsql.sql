-- Says whether the database has been migrated at all.
-- Parameters: none.
-- Columns: 1 if there is a table of versions, else 0.
-- Index: the catalogue's own.
SELECT COUNT(*)
FROM pg_catalog.pg_class
WHERE oid = to_regclass('schema_version')
