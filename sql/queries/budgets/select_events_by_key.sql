-- Reads what the calls of a key cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 3 id of the key's name.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_key, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    key_ref = ?3
    AND started_at >= ?1
    AND started_at < ?2
ORDER BY started_at
