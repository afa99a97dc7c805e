-- Changes a virtual key, all but its text, who made it and when, if nobody else did meanwhile.
-- Parameters: 1 key_id, 2 alias, 3 description, 4 hint, 5 team_id, 6 user_id, 7 service_account_id,
--   8 organization_id, 9 models, 10 allowed_routes, 11 tags, 12 metadata, 13 expires_at, 14 created_by, 15 blocked,
--   16 block_reason, 17 created_at, 18 updated_at, 19 revision.
-- Index: unique index of key_id.
UPDATE virtual_keys
SET
    alias = NULLIF(?2, ''), description = ?3, team_id = ?5, user_id = ?6, service_account_id = ?7,
    organization_id = ?8, models = ?9, allowed_routes = ?10, tags = ?11, metadata = ?12, expires_at = ?13,
    blocked = ?15, block_reason = ?16, updated_at = ?18, revision = ?19
WHERE key_id = ?1 AND revision = ?19 - 1
