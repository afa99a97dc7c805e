-- Removes a team.
-- Parameters: 1 team_id.
-- Index: primary key.
DELETE FROM teams
WHERE team_id = ?1
