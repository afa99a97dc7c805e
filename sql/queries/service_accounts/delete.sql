-- Removes a service account.
-- Parameters: 1 service_account_id.
-- Index: primary key.
DELETE FROM service_accounts
WHERE service_account_id = ?1
