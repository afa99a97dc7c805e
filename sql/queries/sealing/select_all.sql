-- Reads the keys that seal the secrets of this database, the oldest first.
-- Parameters: none.
-- Columns: kek_id, since_at.
-- Index: primary key, already in order; every row is wanted.
SELECT kek_id, since_at FROM sealing_keys ORDER BY number
