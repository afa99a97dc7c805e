-- Adds a rate limit, or replaces the limits of the one with its scope, id, member and model.
-- Parameters: the columns in order; those behind model may be null.
INSERT INTO rate_limits
    (scope, scope_id, member_id, model, rpm_limit, rph_limit, rpd_limit, tpm_limit, tph_limit, tpd_limit,
     max_parallel_requests)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (scope, scope_id, member_id, model) DO UPDATE SET
    rpm_limit = excluded.rpm_limit,
    rph_limit = excluded.rph_limit,
    rpd_limit = excluded.rpd_limit,
    tpm_limit = excluded.tpm_limit,
    tph_limit = excluded.tph_limit,
    tpd_limit = excluded.tpd_limit,
    max_parallel_requests = excluded.max_parallel_requests
