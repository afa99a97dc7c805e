-- Reads the user with an address.
-- Parameters: 1 email, in lower case.
-- Columns: as users/select.
-- Index: users_by_email.
SELECT
    user_id, email, name, role, models, metadata, origin, blocked, block_reason, created_at, updated_at, revision
FROM users
WHERE email = ?1 AND email <> ''
