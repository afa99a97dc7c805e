-- Adds up what was spent of each name of one dimension, the dearest first: of each key, team, model, ... A range
-- is whole days, and hours before and after them.
-- Parameters: 1 dimension; from and until in slots: 2 and 3 hours, 4 and 5 days, 6 and 7 hours; 8 limit, 9 offset.
-- Columns: ref, its name and, of a key, its alias, requests, the eight counts of usage, latency_us,
--   unreported_requests, unpriced_requests, spend_nanos.
-- Index: spend_rollups_by_slot.
WITH
parts AS (
    SELECT
        ref, requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, audio_input_tokens, audio_output_tokens, images, latency_us,
        unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 3600 AND slot >= ?2 AND slot < ?3
    UNION ALL
    SELECT
        ref, requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, audio_input_tokens, audio_output_tokens, images, latency_us,
        unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 86400 AND slot >= ?4 AND slot < ?5
    UNION ALL
    SELECT
        ref, requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, audio_input_tokens, audio_output_tokens, images, latency_us,
        unreported_requests, unpriced_requests, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 3600 AND slot >= ?6 AND slot < ?7
),
page AS (
    SELECT
        ref, SUM(requests) AS requests, SUM(input_tokens) AS input_tokens,
        SUM(output_tokens) AS output_tokens, SUM(cache_read_tokens) AS cache_read_tokens,
        SUM(cache_write_tokens) AS cache_write_tokens, SUM(reasoning_tokens) AS reasoning_tokens,
        SUM(audio_input_tokens) AS audio_input_tokens, SUM(audio_output_tokens) AS audio_output_tokens,
        SUM(images) AS images, SUM(latency_us) AS latency_us,
        SUM(unreported_requests) AS unreported_requests, SUM(unpriced_requests) AS unpriced_requests,
        SUM(spend_nanos) AS spend_nanos
    FROM parts
    GROUP BY ref
    ORDER BY 14 DESC, 1
    LIMIT ?8 OFFSET ?9
)
SELECT
    page.ref, names.name, virtual_keys.alias, page.requests, page.input_tokens, page.output_tokens,
    page.cache_read_tokens, page.cache_write_tokens, page.reasoning_tokens, page.audio_input_tokens,
    page.audio_output_tokens, page.images, page.latency_us, page.unreported_requests,
    page.unpriced_requests, page.spend_nanos
FROM page
LEFT JOIN names ON names.id = page.ref
LEFT JOIN virtual_keys ON virtual_keys.key_id = names.name AND CAST(?1 AS BIGINT) = 1
ORDER BY page.spend_nanos DESC, page.ref
