-- Adds up what was spent of one dimension: by one key, for one tag, by all, ...
-- Parameters: 1 from and 2 until in slots, 3 dimension, 4 seconds of a slot, 5 ref.
-- Columns: requests, the eight counts of usage, latency_us, unreported_requests, unpriced_requests, spend_nanos,
--   failed_requests.
-- Index: primary key of spend_rollups.
SELECT
    COALESCE(SUM(requests), 0), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0),
    COALESCE(SUM(cache_read_tokens), 0), COALESCE(SUM(cache_write_tokens), 0),
    COALESCE(SUM(reasoning_tokens), 0), COALESCE(SUM(audio_input_tokens), 0),
    COALESCE(SUM(audio_output_tokens), 0), COALESCE(SUM(images), 0), COALESCE(SUM(latency_us), 0),
    COALESCE(SUM(unreported_requests), 0), COALESCE(SUM(unpriced_requests), 0),
    COALESCE(SUM(spend_nanos), 0), COALESCE(SUM(failed_requests), 0)
FROM spend_rollups
WHERE
    dimension = ?3
    AND ref = ?5
    AND seconds = ?4
    AND slot >= ?1
    AND slot < ?2
