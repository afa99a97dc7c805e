-- Changes an organisation, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 organization_id, 2 name, 3 models, 4 store_content, 5 metadata, 6 blocked, 7 block_reason, 8
--   created_at, 9 updated_at, 10 revision.
-- Index: primary key.
UPDATE organizations
SET
    name = ?2, models = ?3, store_content = ?4, metadata = ?5, blocked = ?6, block_reason = ?7, updated_at = ?9,
    revision = ?10
WHERE organization_id = ?1 AND revision = ?10 - 1
