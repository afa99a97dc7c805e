-- Reads which former texts of a virtual key are still good.
-- Parameters: 1 key_id, 2 now.
-- Columns: hint, retired_at, ends_at; that which ends last comes first.
-- Index: retired_secrets_by_key.
SELECT
    hint, retired_at, ends_at
FROM retired_secrets
WHERE key_id = ?1 AND ends_at > ?2
ORDER BY ends_at DESC
