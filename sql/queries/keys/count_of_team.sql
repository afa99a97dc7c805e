-- Counts the keys of a team.
-- Parameters: 1 team_id.
-- Columns: how many.
-- Index: virtual_keys_by_team.
SELECT COUNT(*)
FROM virtual_keys
WHERE team_id = ?1 AND team_id <> ''
