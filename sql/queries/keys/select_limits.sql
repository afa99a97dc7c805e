-- Reads the rate limits of some virtual keys.
-- Parameters: 1 their key_ids, as the names of a JSON object.
-- Columns: key_id, rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit, max_parallel_requests.
-- Index: unique index of key_id.
SELECT
    k.key_id, k.rpm_limit, k.rph_limit, k.rpd_limit, k.tpm_limit, k.tph_limit, k.tpd_limit, k.max_parallel_requests
FROM json_each(?1) AS wanted
CROSS JOIN virtual_keys AS k
WHERE k.key_id = wanted.key
