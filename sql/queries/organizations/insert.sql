-- Adds an organisation.
-- Parameters: 1 organization_id, 2 name, 3 models, 4 store_content, 5 metadata, 6 blocked, 7 block_reason, 8
--   created_at, 9 updated_at, 10 revision.
-- Index: none.
INSERT INTO organizations
    (organization_id, name, models, store_content, metadata, blocked, block_reason, created_at, updated_at,
     revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
