-- Reads who administers the platform and may log in, and keeps others from changing that until the transaction ends.
-- Parameters: none.
-- Columns: user_id.
-- Index: none; there are few users beside keys.
SELECT user_id
FROM users
WHERE role = 'platform_admin' AND blocked = 0
ORDER BY user_id
FOR UPDATE
