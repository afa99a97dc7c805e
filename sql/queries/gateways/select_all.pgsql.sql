-- Finds the gateways that are on the roll or hold something.
-- Parameters: none.
-- Columns: id and name of the journal, what is held and of how many budgets, host, version, lease_ms, open_calls,
-- backlog_bytes, started_at, seen_at, now.; null from host to seen_at: not on the roll.
-- Index: none; there is a row for each journal. Those of the grants: budget_grants_by_journal.
SELECT
    j.id,
    j.name,
    h.amount_nanos,
    h.budgets,
    g.host,
    g.version,
    g.lease_ms,
    g.open_calls,
    g.backlog_bytes,
    g.started_at,
    g.seen_at,
    CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
FROM journals AS j
LEFT JOIN gateways AS g ON g.journal_id = j.id
CROSS JOIN LATERAL (
    SELECT
        CAST(LEAST(COALESCE(SUM(b.amount_nanos), 0), 9000000000000000000) AS BIGINT) AS amount_nanos,
        COUNT(*) AS budgets
    FROM budget_grants AS b
    WHERE
        b.journal_id = j.id
        AND (b.expires_at IS NULL OR b.expires_at > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))
) AS h
WHERE g.journal_id IS NOT NULL OR h.budgets > 0
ORDER BY j.id
