-- Reads all virtual keys.
-- Parameters: none.
-- Columns: key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, spend_nanos.
-- Index: none; every row is wanted.
SELECT key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, spend_nanos
FROM virtual_keys
ORDER BY id
