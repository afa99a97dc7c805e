-- Reads all virtual keys.
-- Parameters: none.
-- Columns: key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, rpm_limit,
--   rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id, tags.
-- Index: none; every row is wanted.
SELECT
    key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, created_at, rpm_limit, rph_limit,
    rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id, tags
FROM virtual_keys
ORDER BY id
