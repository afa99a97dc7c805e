-- Counts the owners of an organisation.
-- Parameters: 1 organization_id.
-- Columns: how many.
-- Index: primary key.
SELECT COUNT(*)
FROM organization_members
WHERE organization_id = ?1 AND role = 'org_owner'
