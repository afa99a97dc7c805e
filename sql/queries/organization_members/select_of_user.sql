-- Reads in which organisations a user is.
-- Parameters: 1 user_id.
-- Columns: as organization_members/select.
-- Index: organization_members_by_user.
SELECT
    organization_id, user_id, role, created_at
FROM organization_members
WHERE user_id = ?1
ORDER BY organization_id
