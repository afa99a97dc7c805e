-- Reads an organisation.
-- Parameters: 1 organization_id.
-- Columns: all, as organizations/insert takes them.
-- Index: primary key.
SELECT
    organization_id, name, models, store_content, metadata, blocked, block_reason, created_at, updated_at,
    revision
FROM organizations
WHERE organization_id = ?1
