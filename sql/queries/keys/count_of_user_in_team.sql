-- Counts the keys that a user has in a team.
-- Parameters: 1 team_id, 2 user_id.
-- Columns: how many.
-- Index: virtual_keys_by_user.
SELECT COUNT(*)
FROM virtual_keys
WHERE team_id = ?1 AND user_id = ?2 AND user_id <> ''
