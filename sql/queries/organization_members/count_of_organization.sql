-- Counts the members of an organisation.
-- Parameters: 1 organization_id.
-- Columns: how many.
-- Index: primary key.
SELECT COUNT(*)
FROM organization_members
WHERE organization_id = ?1
