-- Takes a recovery code. Changes no row if there is none or it was taken before.
-- Parameters: 1 user_id, 2 mac, 3 used_at.
-- Index: primary key.
UPDATE recovery_codes
SET used_at = ?3
WHERE user_id = ?1 AND mac = ?2 AND used_at IS NULL
