-- Reads a user.
-- Parameters: 1 user_id.
-- Columns: all, as users/insert takes them.
-- Index: primary key.
SELECT
    user_id, email, name, role, models, metadata, origin, blocked, block_reason, created_at, updated_at,
    revision
FROM users
WHERE user_id = ?1
