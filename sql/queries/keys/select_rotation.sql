-- Reads which former texts of some virtual keys are still good.
-- Parameters: 1 their key_ids, as the names of a JSON object; 2 now.
-- Columns: key_id, hint, retired_at, ends_at; of each key, that which ends last comes first.
-- Index: retired_secrets_by_key.
SELECT
    r.key_id, r.hint, r.retired_at, r.ends_at
FROM json_each(?1) AS wanted
CROSS JOIN retired_secrets AS r
WHERE r.key_id = wanted.key AND r.ends_at > ?2
ORDER BY r.key_id, r.ends_at DESC
