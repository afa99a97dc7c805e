-- Reads in which organisations some users are.
-- Parameters: 1 their user_ids, as the names of a JSON object.
-- Columns: as organization_members/select.
-- Index: organization_members_by_user.
SELECT
    m.organization_id, m.user_id, m.role, m.created_at
FROM json_each(?1) AS wanted
CROSS JOIN organization_members AS m
WHERE m.user_id = wanted.key
ORDER BY m.user_id, m.organization_id
