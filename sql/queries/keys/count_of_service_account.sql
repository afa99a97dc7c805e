-- Counts the keys of each of some service accounts.
-- Parameters: 1 their service_account_ids, as the names of a JSON object.
-- Columns: service_account_id, how many.
-- Index: virtual_keys_by_service_account.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM virtual_keys AS t
        WHERE t.service_account_id = wanted.key AND t.service_account_id <> ''
    )
FROM json_each(?1) AS wanted
