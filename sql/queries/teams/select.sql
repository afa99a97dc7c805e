-- Reads a team.
-- Parameters: 1 team_id.
-- Columns: all, as teams/insert takes them.
-- Index: primary key.
SELECT
    team_id, name, organization_id, models, metadata, self_service, blocked, block_reason, created_at, updated_at,
    revision
FROM teams
WHERE team_id = ?1
