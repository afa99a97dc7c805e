-- Adds up what was spent of each name of one dimension, the dearest first: of each key, team, model, ... A range
-- is whole days, and hours before and after them. Only the names of the
-- page are added up in full.
-- Parameters: 1 dimension; from and until in slots: 2 and 3 hours, 4 and 5 days, 6 and 7 hours; 8 limit, 9 offset.
-- Columns: ref, its name and, of a key, its alias, requests, the eight counts of usage, latency_us,
--   unreported_requests, unpriced_requests, spend_nanos.
-- Index: spend_rollups_by_slot, primary key of spend_rollups.
WITH
spans (seconds, first, beyond) AS (
    VALUES
    (3600, CAST(?2 AS BIGINT), CAST(?3 AS BIGINT)),
    (86400, CAST(?4 AS BIGINT), CAST(?5 AS BIGINT)),
    (3600, CAST(?6 AS BIGINT), CAST(?7 AS BIGINT))
),
page (ref, spend) AS (
    SELECT r.ref, SUM(r.spend_nanos)
    FROM spans AS s
    INNER JOIN spend_rollups AS r ON r.seconds = s.seconds AND r.slot >= s.first AND r.slot < s.beyond
    WHERE r.dimension = ?1
    GROUP BY r.ref
    ORDER BY 2 DESC, 1
    LIMIT ?8 OFFSET ?9
)
SELECT
    page.ref, names.name, virtual_keys.alias,
    SUM(r.requests), SUM(r.input_tokens), SUM(r.output_tokens), SUM(r.cache_read_tokens),
    SUM(r.cache_write_tokens), SUM(r.reasoning_tokens), SUM(r.audio_input_tokens),
    SUM(r.audio_output_tokens), SUM(r.images), SUM(r.latency_us), SUM(r.unreported_requests),
    SUM(r.unpriced_requests), SUM(r.spend_nanos)
FROM page
CROSS JOIN spans AS s
INNER JOIN spend_rollups AS r
    ON r.seconds = s.seconds AND r.ref = page.ref AND r.slot >= s.first AND r.slot < s.beyond
LEFT JOIN names ON names.id = page.ref
LEFT JOIN virtual_keys ON virtual_keys.key_id = names.name AND CAST(?1 AS BIGINT) = 1
WHERE r.dimension = ?1
GROUP BY page.ref, page.spend, names.name, virtual_keys.alias
ORDER BY page.spend DESC, page.ref
