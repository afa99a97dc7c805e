-- Reads a user of the directory.
-- Parameters: 1 user_id.
-- Columns: user_name, external_id, attributes; then those of users/select.
-- Index: primary key.
SELECT
    s.user_name, s.external_id, s.attributes,
    u.user_id, u.email, u.name, u.role, u.models, u.metadata, u.origin, u.blocked, u.block_reason,
    u.created_at, u.updated_at, u.revision
FROM scim_users AS s
JOIN users AS u ON u.user_id = s.user_id
WHERE s.user_id = ?1
