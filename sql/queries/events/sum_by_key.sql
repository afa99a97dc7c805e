-- Adds up the calls of a key in a part of an hour; whole hours are in the roll-ups.
-- Parameters: 1 from and 2 until in milliseconds, 3 key, 4 user, 5 team, 6 model,
--   7 organisation, 8 tag as ids of their names; negative: any, but for the key.
-- Columns: requests, the eight counts of usage, latency_us, unreported and unpriced requests, spend_nanos, failed
--   requests.
-- Index: spend_events_by_key.
SELECT
    COUNT(*), COALESCE(SUM(input_tokens), 0), COALESCE(SUM(output_tokens), 0),
    COALESCE(SUM(cache_read_tokens), 0), COALESCE(SUM(cache_write_tokens), 0),
    COALESCE(SUM(reasoning_tokens), 0), COALESCE(SUM(audio_input_tokens), 0),
    COALESCE(SUM(audio_output_tokens), 0), COALESCE(SUM(images), 0), COALESCE(SUM(latency_us), 0),
    COUNT(*) FILTER (WHERE usage_source <> 1), COUNT(*) FILTER (WHERE is_priced = 0),
    COALESCE(SUM(cost_nanos), 0),
    COUNT(*) FILTER (WHERE status >= 400 OR outcome = 2)
FROM spend_events AS e
WHERE
    key_ref = ?3
    AND started_at >= ?1
    AND started_at < ?2
    AND (CAST(?4 AS BIGINT) < 0 OR user_ref = ?4)
    AND (CAST(?5 AS BIGINT) < 0 OR team_ref = ?5)
    AND (CAST(?6 AS BIGINT) < 0 OR model_ref = ?6)
    AND (CAST(?7 AS BIGINT) < 0 OR organization_ref = ?7)
    AND (CAST(?8 AS BIGINT) < 0 OR EXISTS (
        SELECT 1 FROM spend_event_tags AS t
        WHERE t.tag_ref = ?8 AND t.started_at = e.started_at AND t.event_id = e.id
    ))
