-- Removes a member of an organisation.
-- Parameters: 1 organization_id, 2 user_id.
-- Index: primary key.
DELETE FROM organization_members
WHERE organization_id = ?1 AND user_id = ?2
