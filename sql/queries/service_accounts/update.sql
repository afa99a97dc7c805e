-- Changes a service account, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 service_account_id, 2 team_id, 3 name, 4 description, 5 metadata, 6 blocked, 7 block_reason,
--   8 created_at, 9 updated_at, 10 revision.
-- Index: primary key.
UPDATE service_accounts
SET
    team_id = ?2, name = ?3, description = ?4, metadata = ?5, blocked = ?6, block_reason = ?7, updated_at = ?9,
    revision = ?10
WHERE service_account_id = ?1 AND revision = ?10 - 1
