-- Reads what the calls to a model cost, oldest call first.
-- Parameters: 1 from and 2 until in milliseconds, 6 id of the model's name.
-- Columns: started_at, cost_nanos.
-- Index: spend_events_by_model, already in order.
SELECT started_at, cost_nanos
FROM spend_events
WHERE
    model_ref = ?6
    AND started_at >= ?1
    AND started_at < ?2
ORDER BY started_at
