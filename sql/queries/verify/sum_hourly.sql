-- Adds up all roll-ups.
-- Parameters: none.
-- Columns: requests, input_tokens, output_tokens, spend_nanos.
-- Index: none; every row is wanted.
SELECT
    COALESCE(SUM(requests), 0), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0),
    COALESCE(SUM(spend_nanos), 0)
FROM spend_hourly
