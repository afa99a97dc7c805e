-- Adds a service account.
-- Parameters: 1 service_account_id, 2 team_id, 3 name, 4 description, 5 metadata, 6 blocked, 7 block_reason,
--   8 created_at, 9 updated_at, 10 revision.
-- Index: none.
INSERT INTO service_accounts
    (service_account_id, team_id, name, description, metadata, blocked, block_reason, created_at, updated_at,
     revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
