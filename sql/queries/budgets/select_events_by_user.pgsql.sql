-- Reads what the calls of a user cost, oldest first, added up by grain: a
-- gateway asks this again and again, and a row for each call would take longer than adding them up.
-- Parameters: 1 from and 2 until in milliseconds, 4 user, 5 team as ids of their names;
--   negative: any, but for the user.
-- Also 12: milliseconds of a grain.
-- Columns: started_at of the last call of a grain, cost_nanos of all of it.
-- Index: spend_events_by_user.
SELECT MAX(started_at), CAST(LEAST(SUM(cost_nanos), 9223372036854775807) AS BIGINT)
FROM spend_events
WHERE
    user_ref = ?4
    AND user_ref <> 0
    AND started_at >= ?1
    AND started_at < ?2
    AND (CAST(?5 AS BIGINT) < 0 OR team_ref = ?5)
GROUP BY started_at / CAST(?12 AS BIGINT)
ORDER BY 1
