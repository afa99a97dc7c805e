-- Reads what calls cost, oldest first, added up by grain: a
-- gateway asks this again and again, and a row for each call would take longer than adding them up.
-- Parameters: 1 from and 2 until in milliseconds, 7 deployment, 8 provider as ids of their names;
--   negative: any.
-- Also 12: milliseconds of a grain.
-- Columns: started_at of the last call of a grain, cost_nanos of all of it.
-- Index: spend_events_by_time.
SELECT MAX(started_at), CAST(LEAST(SUM(cost_nanos), 9223372036854775807) AS BIGINT)
FROM spend_events
WHERE
    started_at >= ?1
    AND started_at < ?2
    AND (CAST(?7 AS BIGINT) < 0 OR deployment_ref = ?7)
    AND (CAST(?8 AS BIGINT) < 0 OR provider_ref = ?8)
GROUP BY started_at / CAST(?12 AS BIGINT)
ORDER BY 1
