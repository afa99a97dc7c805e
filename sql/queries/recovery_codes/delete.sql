-- Removes all recovery codes of a user.
-- Parameters: 1 user_id.
-- Index: primary key.
DELETE FROM recovery_codes
WHERE user_id = ?1
