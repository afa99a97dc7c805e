-- Forgets what gateways held of a budget that were not heard of again in time.
-- Parameters: 1 budget_id.
-- Index: primary key.
DELETE FROM budget_grants
WHERE budget_id = ?1 AND expires_at <= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
