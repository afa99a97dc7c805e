-- Reads what the calls for an end user cost, oldest first, added up by grain: a
-- gateway asks this again and again, and a row for each call would take longer than adding them up.
-- Parameters: 1 from and 2 until in milliseconds, 9 end_user.
-- Also 12: milliseconds of a grain.
-- Columns: started_at of the last call of a grain, cost_nanos of all of it.
-- Index: spend_events_by_end_user.
SELECT MAX(started_at), CAST(LEAST(SUM(cost_nanos), 9223372036854775807) AS BIGINT)
FROM spend_events
WHERE
    end_user = ?9
    AND started_at >= ?1
    AND started_at < ?2
GROUP BY started_at / CAST(?12 AS BIGINT)
ORDER BY 1
