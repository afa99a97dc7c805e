-- Reads what the calls of a user cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 4 user, 5 team as ids of their names;
--   negative: any, but for the user.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_user, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    user_ref = ?4
    AND user_ref <> 0
    AND started_at >= ?1
    AND started_at < ?2
    AND (CAST(?5 AS BIGINT) < 0 OR team_ref = ?5)
ORDER BY started_at
