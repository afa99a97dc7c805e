-- Counts the members of a team.
-- Parameters: 1 team_id.
-- Columns: how many.
-- Index: primary key.
SELECT COUNT(*)
FROM team_members
WHERE team_id = ?1
