-- Reads what the calls to a model cost, oldest first, added up by grain: a
-- gateway asks this again and again, and a row for each call would take longer than adding them up.
-- Parameters: 1 from and 2 until in milliseconds, 6 id of the model's name.
-- Also 12: milliseconds of a grain.
-- Columns: started_at of the last call of a grain, cost_nanos of all of it.
-- Index: spend_events_by_model.
SELECT MAX(started_at), CAST(LEAST(SUM(cost_nanos), 9223372036854775807) AS BIGINT)
FROM spend_events
WHERE
    model_ref = ?6
    AND started_at >= ?1
    AND started_at < ?2
GROUP BY started_at / CAST(?12 AS BIGINT)
ORDER BY 1
