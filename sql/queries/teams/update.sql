-- Changes a team, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 team_id, 2 name, 3 organization_id, 4 models, 5 metadata, 6 self_service, 7 blocked,
--   8 block_reason, 9 created_at, 10 updated_at, 11 revision.
-- Index: primary key.
UPDATE teams
SET
    name = ?2, organization_id = ?3, models = ?4, metadata = ?5, self_service = ?6, blocked = ?7,
    block_reason = ?8, updated_at = ?10, revision = ?11
WHERE team_id = ?1 AND revision = ?11 - 1
