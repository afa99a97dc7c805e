-- Removes a virtual key. Its events and roll-ups stay.
-- Parameters: 1 key_id.
-- Index: unique index of key_id.
DELETE FROM virtual_keys
WHERE key_id = ?1
