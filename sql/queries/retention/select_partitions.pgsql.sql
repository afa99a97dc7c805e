-- Reads the months that calls are kept of, e.g. y2026m11, oldest first.
-- Parameters: none.
-- Columns: month.
-- Index: the catalogue's own.
SELECT substring(c.relname FROM 14) AS month
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'spend_events'::regclass
ORDER BY c.relname
