-- Reads what admins see of a virtual key.
-- Parameters: 1 key_id.
-- Columns: key_id, name, description, hint, team_id, user_id, service_account_id, organization_id, models,
--   allowed_routes, tags, metadata, expires_at, store_content, created_by, blocked, block_reason, created_at,
--   updated_at, revision.
-- Index: unique index of key_id.
SELECT
    key_id, COALESCE(alias, '') AS name, description, hint, team_id, user_id, service_account_id,
    organization_id, models, allowed_routes, tags, metadata, expires_at, store_content, created_by, blocked,
    block_reason, created_at, CASE WHEN updated_at = 0 THEN created_at ELSE updated_at END AS changed_at, revision
FROM virtual_keys
WHERE key_id = ?1
