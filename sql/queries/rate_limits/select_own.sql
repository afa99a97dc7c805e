-- Reads the rate limits that some objects have for all that is theirs: of no member and no model alone.
-- Parameters: 1 scope; 2 their scope_ids, as the names of a JSON object.
-- Columns: those of rate_limits, in order.
-- Index: primary key.
SELECT
    r.scope, r.scope_id, r.member_id, r.model, r.rpm_limit, r.rph_limit, r.rpd_limit, r.tpm_limit, r.tph_limit,
    r.tpd_limit, r.max_parallel_requests
FROM json_each(?2) AS wanted
CROSS JOIN rate_limits AS r
WHERE r.scope = ?1 AND r.scope_id = wanted.key AND r.member_id = '' AND r.model = ''
