-- Reads in which teams some users are.
-- Parameters: 1 their user_ids, as the names of a JSON object.
-- Columns: as team_members/select.
-- Index: team_members_by_user.
SELECT
    m.team_id, m.user_id, m.role, m.created_at
FROM json_each(?1) AS wanted
CROSS JOIN team_members AS m
WHERE m.user_id = wanted.key
ORDER BY m.user_id, m.team_id
