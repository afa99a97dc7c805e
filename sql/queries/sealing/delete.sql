-- Removes a sealing key. Fails while anything is sealed with it.
-- Parameters: 1 kek_id.
-- Index: the unique one of kek_id.
DELETE FROM sealing_keys WHERE kek_id = ?1
