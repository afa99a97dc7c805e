-- Adds up what was spent on a model on whole days, where several things are asked for at once.
-- Parameters: 1 from and 2 until in days since 1970, 3 key, 4 user, 5 team, 6 model,
--   7 organisation as ids of their names; negative: any, but for the model.
-- Columns: requests, the eight counts of usage, latency_us, unreported_requests, unpriced_requests, spend_nanos,
--   failed_requests.
-- Index: SQLite: primary key; PostgreSQL: spend_daily_by_model.
SELECT
    COALESCE(SUM(requests), 0), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0),
    COALESCE(SUM(cache_read_tokens), 0), COALESCE(SUM(cache_write_tokens), 0),
    COALESCE(SUM(reasoning_tokens), 0), COALESCE(SUM(audio_input_tokens), 0),
    COALESCE(SUM(audio_output_tokens), 0), COALESCE(SUM(images), 0), COALESCE(SUM(latency_us), 0),
    COALESCE(SUM(unreported_requests), 0), COALESCE(SUM(unpriced_requests), 0),
    COALESCE(SUM(spend_nanos), 0),
    COALESCE(SUM(requests) FILTER (WHERE status >= 400 OR outcome = 2), 0)
FROM spend_daily
WHERE
    model_ref = ?6
    AND day >= ?1
    AND day < ?2
    AND (CAST(?3 AS BIGINT) < 0 OR key_ref = ?3)
    AND (CAST(?4 AS BIGINT) < 0 OR user_ref = ?4)
    AND (CAST(?5 AS BIGINT) < 0 OR team_ref = ?5)
    AND (CAST(?7 AS BIGINT) < 0 OR organization_ref = ?7)
