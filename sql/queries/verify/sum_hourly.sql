-- Adds up all hourly sums, and those of the time of which there still are events.
-- Parameters: none.
-- Columns: requests, input_tokens, output_tokens, spend_nanos; the same of the time with events.
-- Index: none; every row is wanted.
SELECT
    COALESCE(SUM(h.requests), 0), COALESCE(SUM(h.input_tokens), 0), COALESCE(SUM(h.output_tokens), 0),
    COALESCE(SUM(h.spend_nanos), 0),
    COALESCE(SUM(h.requests) FILTER (WHERE h.hour >= r.first_hour), 0),
    COALESCE(SUM(h.input_tokens) FILTER (WHERE h.hour >= r.first_hour), 0),
    COALESCE(SUM(h.output_tokens) FILTER (WHERE h.hour >= r.first_hour), 0),
    COALESCE(SUM(h.spend_nanos) FILTER (WHERE h.hour >= r.first_hour), 0)
FROM spend_hourly AS h
CROSS JOIN (SELECT events_from / 3600000 AS first_hour FROM spend_retention WHERE id = 1) AS r
