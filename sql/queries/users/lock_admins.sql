-- Reads who administers the platform and may log in. SQLite has one writer at a time.
-- Parameters: none.
-- Columns: user_id.
-- Index: none; there are few users beside keys.
SELECT user_id
FROM users
WHERE role = 'platform_admin' AND blocked = 0
