-- Reads of all virtual keys what a gateway keeps in memory.
-- Parameters: none.
-- Columns: key_id, mac, user_id, team_id, models, expires_at, blocked, rpm_limit, rph_limit, rpd_limit, tpm_limit,
--   tph_limit, tpd_limit, max_parallel_requests, organization_id, tags, service_account_id, allowed_routes,
--   store_content or null.
-- Index: none; every row is wanted.
SELECT
    key_id, mac, user_id, team_id, models, expires_at, blocked, rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit,
    tpd_limit, max_parallel_requests, organization_id, tags, service_account_id, allowed_routes,
    store_content
FROM virtual_keys
