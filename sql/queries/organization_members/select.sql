-- Reads a member of an organisation.
-- Parameters: 1 organization_id, 2 user_id.
-- Columns: all, as organization_members/insert takes them.
-- Index: primary key.
SELECT
    organization_id, user_id, role, created_at
FROM organization_members
WHERE organization_id = ?1 AND user_id = ?2
