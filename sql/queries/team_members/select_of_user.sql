-- Reads in which teams a user is.
-- Parameters: 1 user_id.
-- Columns: as team_members/select.
-- Index: team_members_by_user.
SELECT
    team_id, user_id, role, created_at
FROM team_members
WHERE user_id = ?1
ORDER BY team_id
