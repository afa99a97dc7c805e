-- Reads what was spent of some names of a dimension in each slot of some spans of time.
-- Parameters: 1 dimension, 2 refs as a JSON array, 3 spans as a JSON array of arrays: seconds of a slot, the first
--   slot, the one beyond.
-- Columns: ref, the hour since 1970 UTC in which the slot begins, requests, the eight counts of usage, latency_us,
--   unreported_requests, unpriced_requests, spend_nanos, failed_requests.
-- Index: primary key of spend_rollups.
SELECT
    r.ref,
    r.slot * (r.seconds / 3600) AS hour,
    r.requests, r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens, r.reasoning_tokens,
    r.audio_input_tokens, r.audio_output_tokens, r.images, r.latency_us, r.unreported_requests,
    r.unpriced_requests, r.spend_nanos, r.failed_requests
FROM json_array_elements_text(CAST(?2 AS JSON)) AS wanted (ref)
CROSS JOIN json_array_elements(CAST(?3 AS JSON)) AS s (span)
INNER JOIN spend_rollups AS r
    ON
        r.seconds = CAST(s.span ->> 0 AS BIGINT)
        AND r.ref = CAST(wanted.ref AS BIGINT)
        AND r.slot >= CAST(s.span ->> 1 AS BIGINT)
        AND r.slot < CAST(s.span ->> 2 AS BIGINT)
WHERE r.dimension = ?1
