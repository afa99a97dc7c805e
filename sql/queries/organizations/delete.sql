-- Removes an organisation.
-- Parameters: 1 organization_id.
-- Index: primary key.
DELETE FROM organizations
WHERE organization_id = ?1
