-- Counts the recovery codes that a user has left.
-- Parameters: 1 user_id.
-- Columns: count.
-- Index: primary key.
SELECT COUNT(*)
FROM recovery_codes
WHERE user_id = ?1 AND used_at IS NULL
