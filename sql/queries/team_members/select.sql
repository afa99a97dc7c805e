-- Reads a member of a team.
-- Parameters: 1 team_id, 2 user_id.
-- Columns: all, as team_members/insert takes them.
-- Index: primary key.
SELECT
    team_id, user_id, role, created_at
FROM team_members
WHERE team_id = ?1 AND user_id = ?2
