-- Sets the rate limits of a virtual key.
-- Parameters: 1 key_id, 2 rpm_limit, 3 rph_limit, 4 rpd_limit, 5 tpm_limit, 6 tph_limit, 7 tpd_limit,
--   8 max_parallel_requests.
-- Index: unique index of key_id.
UPDATE virtual_keys
SET
    rpm_limit = ?2, rph_limit = ?3, rpd_limit = ?4, tpm_limit = ?5, tph_limit = ?6, tpd_limit = ?7,
    max_parallel_requests = ?8
WHERE key_id = ?1
