-- Reads what calls cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 7 deployment, 8 provider as ids of their names;
--   negative: any.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_time, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    started_at >= ?1
    AND started_at < ?2
    AND (CAST(?7 AS BIGINT) < 0 OR deployment_ref = ?7)
    AND (CAST(?8 AS BIGINT) < 0 OR provider_ref = ?8)
ORDER BY started_at
