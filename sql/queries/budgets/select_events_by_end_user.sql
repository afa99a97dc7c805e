-- Reads what the calls for an end user cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 9 end_user.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_end_user, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    end_user = ?9
    AND started_at >= ?1
    AND started_at < ?2
ORDER BY started_at
