-- Finds what was spent of some names of a dimension in each hour or day. A step that is not whole has a row for each
-- of its hours.
-- Parameters: 1 dimension, 2 refs as a JSON array; from and until in slots: 3 and 4 hours, 5 and 6 days, 7 and 8
--   hours; 9 hours of a step: 1, then the range has no days, or 24.
-- Columns: ref, step since 1970 UTC, requests, the eight counts of usage, latency_us, unreported_requests, unpriced_requests,
--   spend_nanos, failed_requests.
-- Index: primary key of spend_rollups.
WITH
spans (seconds, first, beyond) AS (
    VALUES
    (3600, CAST(?3 AS BIGINT), CAST(?4 AS BIGINT)),
    (86400, CAST(?5 AS BIGINT), CAST(?6 AS BIGINT)),
    (3600, CAST(?7 AS BIGINT), CAST(?8 AS BIGINT))
)
SELECT
    r.ref,
    r.slot * (s.seconds / 3600) / CAST(?9 AS BIGINT) AS step,
    r.requests, r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens, r.reasoning_tokens,
    r.audio_input_tokens, r.audio_output_tokens, r.images, r.latency_us, r.unreported_requests,
    r.unpriced_requests, r.spend_nanos, r.failed_requests
FROM json_array_elements_text(CAST(?2 AS JSON)) AS wanted (ref)
CROSS JOIN spans AS s
INNER JOIN spend_rollups AS r
    ON
        r.seconds = s.seconds
        AND r.ref = CAST(wanted.ref AS BIGINT)
        AND r.slot >= s.first
        AND r.slot < s.beyond
WHERE r.dimension = ?1
