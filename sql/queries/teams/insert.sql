-- Adds a team.
-- Parameters: 1 team_id, 2 name, 3 organization_id, 4 models, 5 metadata, 6 self_service, 7 blocked,
--   8 block_reason, 9 created_at, 10 updated_at, 11 revision.
-- Index: none.
INSERT INTO teams
    (team_id, name, organization_id, models, metadata, self_service, blocked, block_reason, created_at, updated_at,
     revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
