-- Ends all former texts of a virtual key.
-- Parameters: 1 key_id.
-- Index: retired_secrets_by_key.
DELETE FROM retired_secrets
WHERE key_id = ?1
