-- Lets one gateway at a time migrate, until its transaction ends.
-- Parameters: none.
-- Columns: none.
-- Index: none.
SELECT pg_advisory_xact_lock(1681, 0)
