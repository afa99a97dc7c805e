-- Reads what the calls with a tag cost, oldest first, added up by grain: a
-- gateway asks this again and again, and a row for each call would take longer than adding them up.
-- Parameters: 1 from and 2 until in milliseconds, 11 id of the tag's name.
-- Also 12: milliseconds of a grain.
-- Columns: started_at of the last call of a grain, cost_nanos of all of it.
-- Index: primary key of spend_event_tags.
SELECT MAX(t.started_at), CAST(LEAST(SUM(e.cost_nanos), 9223372036854775807) AS BIGINT)
FROM spend_event_tags AS t
INNER JOIN spend_events AS e ON e.id = t.event_id AND e.started_at = t.started_at
WHERE
    t.tag_ref = ?11
    AND t.started_at >= ?1
    AND t.started_at < ?2
GROUP BY t.started_at / CAST(?12 AS BIGINT)
ORDER BY 1
