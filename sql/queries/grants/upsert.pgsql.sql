-- Notes what a gateway holds of a budget.
-- Parameters: 1 budget_id, 2 id of its journal, 3 amount_nanos, 4 milliseconds until others may take it; null: never.
-- Index: primary key.
INSERT INTO budget_grants (budget_id, journal_id, amount_nanos, expires_at)
VALUES (
    ?1, ?2, ?3, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + CAST(?4 AS BIGINT)
)
ON CONFLICT (budget_id, journal_id) DO UPDATE
SET amount_nanos = excluded.amount_nanos, expires_at = excluded.expires_at
