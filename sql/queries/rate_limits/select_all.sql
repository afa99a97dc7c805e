-- Reads all rate limits, by scope, id, member and model.
-- Parameters: none.
-- Columns: those of rate_limits, in order.
-- Index: primary key, already in order; every row is wanted.
SELECT
    scope, scope_id, member_id, model, rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit,
    max_parallel_requests
FROM rate_limits
ORDER BY scope, scope_id, member_id, model
