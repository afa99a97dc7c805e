-- Reads the newest calls, newest first.
-- Parameters: 1 from and 2 until in milliseconds, 3 limit, 4 offset, 5 key, 6 user, 7 team, 8 model as ids of
--   their names; negative: any.
-- Columns: those of spend_log in the order of events/insert, with names instead of ids.
-- Index: spend_events_by_time, already in order.
SELECT
    id, request_id, client_request_id, operation, key_id, user_id, team_id, model, deployment_id, provider,
    upstream_model, end_user, started_at, latency_us, first_byte_us, upstream_us, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images,
    usage_source, cost_nanos, is_priced, is_stream, outcome, status, error_code
FROM spend_log
WHERE
    started_at >= ?1
    AND started_at < ?2
    AND (?5 < 0 OR key_ref = ?5)
    AND (?6 < 0 OR user_ref = ?6)
    AND (?7 < 0 OR team_ref = ?7)
    AND (?8 < 0 OR model_ref = ?8)
ORDER BY started_at DESC, id DESC
LIMIT ?3 OFFSET ?4
