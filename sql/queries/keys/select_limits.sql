-- Reads the rate limits of a virtual key.
-- Parameters: 1 key_id.
-- Columns: rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests.
-- Index: unique index of key_id.
SELECT
    rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests
FROM virtual_keys
WHERE key_id = ?1
