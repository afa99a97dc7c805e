-- Reads the ids of the keys that seal the secrets of this database, the oldest first.
-- Parameters: none.
-- Columns: kek_id.
-- Index: primary key, already in order; every row is wanted.
SELECT kek_id FROM sealing_keys ORDER BY number
