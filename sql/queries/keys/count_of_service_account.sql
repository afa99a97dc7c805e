-- Counts the keys of a service account.
-- Parameters: 1 service_account_id.
-- Columns: how many.
-- Index: virtual_keys_by_service_account.
SELECT COUNT(*)
FROM virtual_keys
WHERE service_account_id = ?1 AND service_account_id <> ''
