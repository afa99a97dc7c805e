-- Reads the rate limits of one object, by member and model.
-- Parameters: 1 scope, 2 scope_id.
-- Columns: those of rate_limits, in order.
-- Index: primary key.
SELECT
    scope, scope_id, member_id, model, rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit,
    max_parallel_requests
FROM rate_limits
WHERE scope = ?1 AND scope_id = ?2
ORDER BY member_id, model
