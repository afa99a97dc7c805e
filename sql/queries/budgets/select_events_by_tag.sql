-- Reads what the calls with a tag cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 11 id of the tag's name.
-- Columns: started_at, cost_nanos.
-- Index: primary key of spend_event_tags, already in order.
SELECT t.started_at, e.cost_nanos
FROM spend_event_tags AS t
INNER JOIN spend_events AS e ON e.id = t.event_id AND e.started_at = t.started_at
WHERE
    t.tag_ref = ?11
    AND t.started_at >= ?1
    AND t.started_at < ?2
ORDER BY t.started_at
