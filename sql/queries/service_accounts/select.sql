-- Reads a service account.
-- Parameters: 1 service_account_id.
-- Columns: all, as service_accounts/insert takes them.
-- Index: primary key.
SELECT
    service_account_id, team_id, name, description, metadata, blocked, block_reason, created_at, updated_at,
    revision
FROM service_accounts
WHERE service_account_id = ?1
