-- Asks PostgreSQL whether it has read a page of this database that was damaged.
-- Parameters: none.
-- Columns: a sentence for each damage.
-- Index: none.
SELECT checksum_failures || ' pages failed their checksum'
FROM pg_catalog.pg_stat_database
WHERE datname = current_database() AND checksum_failures > 0
