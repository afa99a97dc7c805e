-- Reads users of the directory in the order of their ids.
-- Parameters: 1 how many, 2 how many come before them.
-- Columns: user_name, external_id, attributes; then those of users/select.
-- Index: primary key.
SELECT
    s.user_name, s.external_id, s.attributes,
    u.user_id, u.email, u.name, u.role, u.models, u.metadata, u.origin, u.blocked, u.block_reason,
    u.created_at, u.updated_at, u.revision
FROM scim_users AS s
JOIN users AS u ON u.user_id = s.user_id
ORDER BY s.user_id
LIMIT ?1 OFFSET ?2
