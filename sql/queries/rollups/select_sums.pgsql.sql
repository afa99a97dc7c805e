-- Adds up what was spent of some names of a dimension.
-- Parameters: 1 dimension, 2 refs as a JSON array; from and until in slots: 3 and 4 hours, 5 and 6 days, 7 and 8
--   hours.
-- Columns: ref, requests, the eight counts of usage, latency_us, unreported_requests, unpriced_requests,
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
    SUM(r.requests), SUM(r.input_tokens), SUM(r.output_tokens), SUM(r.cache_read_tokens),
    SUM(r.cache_write_tokens), SUM(r.reasoning_tokens), SUM(r.audio_input_tokens),
    SUM(r.audio_output_tokens), SUM(r.images), SUM(r.latency_us), SUM(r.unreported_requests),
    SUM(r.unpriced_requests), SUM(r.spend_nanos), SUM(r.failed_requests)
FROM json_array_elements_text(CAST(?2 AS JSON)) AS wanted (ref)
CROSS JOIN spans AS s
INNER JOIN spend_rollups AS r
    ON
        r.seconds = s.seconds
        AND r.ref = CAST(wanted.ref AS BIGINT)
        AND r.slot >= s.first
        AND r.slot < s.beyond
WHERE r.dimension = ?1
GROUP BY r.ref
