-- Gives a virtual key another text.
-- Parameters: 1 key_id, 2 mac, 3 hint.
-- Index: unique index of key_id.
UPDATE virtual_keys
SET
    mac = ?2, hint = ?3
WHERE key_id = ?1
