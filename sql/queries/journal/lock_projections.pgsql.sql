-- Lets one gateway at a time change the sums, until its transaction ends: they could deadlock otherwise.
-- Parameters: none.
-- Columns: none.
-- Index: none.
SELECT pg_advisory_xact_lock(1680, 0)
