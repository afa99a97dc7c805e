-- Removes a member of a team.
-- Parameters: 1 team_id, 2 user_id.
-- Index: primary key.
DELETE FROM team_members
WHERE team_id = ?1 AND user_id = ?2
