-- Estimates how many there are: to count them takes as long as to read them.
-- Parameters: none.
-- Columns: how many there were at the last look of the database, that this is an estimate.
-- Index: those of the catalogue.
SELECT GREATEST(reltuples, 0)::BIGINT, 1
FROM pg_class
WHERE oid = 'end_users'::REGCLASS
