-- Adds up what was spent of one name of a dimension in each hour or day, the oldest first.
-- Parameters: 1 dimension, 2 ref; from and until in slots: 3 and 4 hours, 5 and 6 days, 7 and 8 hours;
--   9 hours of a step: 1, then the range has no days, or 24.
-- Columns: step since 1970 UTC, requests, the eight counts of usage, latency_us, unreported_requests,
--   unpriced_requests, spend_nanos.
-- Index: primary key of spend_rollups.
WITH
parts AS (
    SELECT
        slot / ?9 AS step, requests, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images,
        latency_us, unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND ref = ?2 AND seconds = 3600 AND slot >= ?3 AND slot < ?4
    UNION ALL
    SELECT
        slot AS step, requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, audio_input_tokens, audio_output_tokens, images, latency_us,
        unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND ref = ?2 AND seconds = 86400 AND slot >= ?5 AND slot < ?6
    UNION ALL
    SELECT
        slot / ?9 AS step, requests, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images,
        latency_us, unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND ref = ?2 AND seconds = 3600 AND slot >= ?7 AND slot < ?8
)
SELECT
    step, SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens),
    SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_input_tokens), SUM(audio_output_tokens),
    SUM(images), SUM(latency_us), SUM(unreported_requests), SUM(unpriced_requests), SUM(spend_nanos)
FROM parts
GROUP BY step
ORDER BY step
