-- Changes a virtual key, all but its text, who made it and when, if nobody else did meanwhile.
-- Parameters: 1 key_id, 2 alias, 3 description, 4 hint, 5 team_id, 6 user_id, 7 service_account_id,
--   8 organization_id, 9 models, 10 allowed_routes, 11 tags, 12 metadata, 13 expires_at, 14 store_content,
--   15 created_by, 16 blocked, 17 block_reason, 18 created_at, 19 updated_at, 20 revision.
-- Index: unique index of key_id.
UPDATE virtual_keys
SET
    alias = NULLIF(?2, ''), description = ?3, team_id = ?5, user_id = ?6, service_account_id = ?7,
    organization_id = ?8, models = ?9, allowed_routes = ?10, tags = ?11, metadata = ?12, expires_at = ?13,
    store_content = ?14, blocked = ?16, block_reason = ?17, updated_at = ?19, revision = ?20
WHERE key_id = ?1 AND revision = ?20 - 1
