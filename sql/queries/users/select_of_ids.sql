-- Reads some users.
-- Parameters: 1 their user_ids, as the names of a JSON object.
-- Columns: all, as users/insert takes them.
-- Index: primary key.
SELECT
    u.user_id, u.email, u.name, u.role, u.models, u.metadata, u.origin, u.blocked, u.block_reason, u.created_at,
    u.updated_at, u.revision
FROM json_each(?1) AS wanted
CROSS JOIN users AS u
WHERE u.user_id = wanted.key
