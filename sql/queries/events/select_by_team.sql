-- Reads the newest calls of a team, newest first.
-- Parameters: 1 from and 2 until in milliseconds, 3 limit, 4 offset, 5 key, 6 user, 7 team, 8 model,
--   9 organisation, 10 tag as ids of their names; negative: any, but for the team.
-- Columns: those of events/insert in their order, with names instead of ids. They are looked up row by row,
--   because PostgreSQL takes far longer to plan nine joins than to read the whole page.
-- Index: spend_events_by_team, already in order.
SELECT
    id, request_id, client_request_id,
    (SELECT n.name FROM names AS n WHERE n.id = e.operation_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.key_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.user_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.team_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.model_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.deployment_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.provider_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.upstream_model_ref),
    end_user, started_at, latency_us, first_byte_us, upstream_us, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, usage_source,
    cost_nanos, is_priced, is_stream, outcome, status, error_code,
    (SELECT n.name FROM names AS n WHERE n.id = e.organization_ref),
    tags
FROM spend_events AS e
WHERE
    team_ref = ?7
    AND team_ref <> 0
    AND started_at >= ?1
    AND started_at < ?2
    AND (CAST(?5 AS BIGINT) < 0 OR key_ref = ?5)
    AND (CAST(?6 AS BIGINT) < 0 OR user_ref = ?6)
    AND (CAST(?8 AS BIGINT) < 0 OR model_ref = ?8)
    AND (CAST(?9 AS BIGINT) < 0 OR organization_ref = ?9)
    AND (CAST(?10 AS BIGINT) < 0 OR EXISTS (
        SELECT 1 FROM spend_event_tags AS t
        WHERE t.tag_ref = ?10 AND t.started_at = e.started_at AND t.event_id = e.id
    ))
ORDER BY started_at DESC, id DESC
LIMIT ?3 OFFSET ?4
