-- Counts the teams of an organisation.
-- Parameters: 1 organization_id.
-- Columns: how many.
-- Index: teams_by_organization.
SELECT COUNT(*)
FROM teams
WHERE organization_id = ?1
