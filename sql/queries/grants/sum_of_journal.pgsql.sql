-- Adds up what a gateway holds. It stops at nine billion USD instead of failing beyond 64 bits.
-- Parameters: 1 id of its journal.
-- Columns: the sum, and of how many budgets.
-- Index: budget_grants_by_journal.
SELECT
    CAST(LEAST(COALESCE(SUM(amount_nanos), 0), 9000000000000000000) AS BIGINT),
    COUNT(*)
FROM budget_grants
WHERE
    journal_id = ?1
    AND (expires_at IS NULL OR expires_at > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))
