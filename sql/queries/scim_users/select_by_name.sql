-- Reads the user of the directory with a name.
-- Parameters: 1 name_key.
-- Columns: user_name, external_id, attributes; then those of users/select.
-- Index: scim_users_by_name.
SELECT
    s.user_name, s.external_id, s.attributes,
    u.user_id, u.email, u.name, u.role, u.models, u.metadata, u.origin, u.blocked, u.block_reason,
    u.created_at, u.updated_at, u.revision
FROM scim_users AS s
JOIN users AS u ON u.user_id = s.user_id
WHERE s.name_key = ?1
