-- Reads the newest calls, newest first.
-- Parameters: 1 from and 2 until in milliseconds, 3 limit, 4 offset, 5 key, 6 user, 7 team, 8 model,
--   9 organisation, 10 tag as ids of their names; negative: any.
-- Columns: those of spend_log in the order of events/insert, with names instead of ids.
-- Index: spend_events_by_time, already in order.
SELECT
    id, request_id, client_request_id, operation, key_id, user_id, team_id, model, deployment_id, provider,
    upstream_model, end_user, started_at, latency_us, first_byte_us, upstream_us, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images,
    usage_source, cost_nanos, is_priced, is_stream, outcome, status, error_code, organization_id, tags
FROM spend_log AS e
WHERE
    started_at >= ?1
    AND started_at < ?2
    AND (CAST(?5 AS BIGINT) < 0 OR key_ref = ?5)
    AND (CAST(?6 AS BIGINT) < 0 OR user_ref = ?6)
    AND (CAST(?7 AS BIGINT) < 0 OR team_ref = ?7)
    AND (CAST(?8 AS BIGINT) < 0 OR model_ref = ?8)
    AND (CAST(?9 AS BIGINT) < 0 OR organization_ref = ?9)
    AND (CAST(?10 AS BIGINT) < 0 OR EXISTS (
        SELECT 1 FROM spend_event_tags AS t
        WHERE t.tag_ref = ?10 AND t.started_at = e.started_at AND t.event_id = e.id
    ))
ORDER BY started_at DESC, id DESC
LIMIT ?3 OFFSET ?4
