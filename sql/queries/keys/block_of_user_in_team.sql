-- Blocks the keys that a user has in a team.
-- Parameters: 1 team_id, 2 user_id, 3 block_reason, 4 updated_at.
-- Index: virtual_keys_by_user.
UPDATE virtual_keys
SET blocked = 1, block_reason = ?3, updated_at = ?4, revision = revision + 1
WHERE team_id = ?1 AND user_id = ?2 AND user_id <> '' AND blocked = 0
