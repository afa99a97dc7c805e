-- Adds up all events that are kept.
-- Parameters: none.
-- Columns: requests, input_tokens, output_tokens, spend_nanos.
-- Index: none; every row is wanted.
SELECT COUNT(*), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0), COALESCE(SUM(cost_nanos), 0)
FROM spend_events
WHERE started_at >= (SELECT events_from FROM spend_retention WHERE id = 1)
