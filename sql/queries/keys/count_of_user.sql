-- Counts the keys of a user.
-- Parameters: 1 user_id.
-- Columns: how many.
-- Index: virtual_keys_by_user.
SELECT COUNT(*)
FROM virtual_keys
WHERE user_id = ?1 AND user_id <> ''
