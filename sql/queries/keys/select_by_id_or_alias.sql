-- Reads one virtual key by what people call it.
-- Parameters: 1 its id or alias.
-- Columns: as keys/select_all; the key with that id comes before the one with that alias.
-- Index: the unique indexes of key_id and alias.
SELECT
    key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, spend_nanos,
    rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id,
    tags
FROM virtual_keys
WHERE key_id = ?1 OR alias = ?1
ORDER BY key_id = ?1 DESC
LIMIT 1
