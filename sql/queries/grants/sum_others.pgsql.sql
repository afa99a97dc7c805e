-- Adds up what other gateways hold of a budget. It stops at nine billion USD instead of failing beyond 64 bits.
-- Parameters: 1 budget_id, 2 id of our journal.
-- Columns: the sum; zero if they hold nothing.
-- Index: primary key.
SELECT CAST(LEAST(COALESCE(SUM(amount_nanos), 0), 9000000000000000000) AS BIGINT)
FROM budget_grants
WHERE budget_id = ?1 AND journal_id <> ?2
