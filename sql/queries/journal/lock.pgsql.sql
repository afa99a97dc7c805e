-- Makes this connection the only one that posts a journal, for as long as it lasts.
-- Parameters: 1 id of the journal.
-- Columns: whether nobody else does.
-- Index: none.
SELECT CAST(pg_try_advisory_lock(1680, ?1) AS INTEGER)
