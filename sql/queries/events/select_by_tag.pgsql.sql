-- Reads the newest calls with a tag, newest first. PostgreSQL would join all calls with those of the tag before it
-- takes the newest; LATERAL with a limit makes it look up one after the other, and stop.
-- Parameters: 1 from and 2 until in milliseconds, 3 limit, 4 offset, 5 key, 6 user, 7 team, 8 model,
--   9 organisation, 10 tag as ids of their names; negative: any, but for the tag.
-- Columns: those of events/insert in their order, with names instead of ids. They are looked up row by row,
--   because PostgreSQL takes far longer to plan nine joins than to read the whole page.
-- Index: primary key of spend_event_tags, already in order; primary key of spend_events.
SELECT
    e.id, request_id, client_request_id,
    (SELECT n.name FROM names AS n WHERE n.id = e.operation_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.key_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.user_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.team_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.model_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.deployment_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.provider_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.upstream_model_ref),
    end_user, e.started_at, latency_us, first_byte_us, upstream_us, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, images, usage_source,
    cost_nanos, is_priced, is_stream, outcome, status, error_code,
    (SELECT n.name FROM names AS n WHERE n.id = e.organization_ref),
    tags
FROM spend_event_tags AS t
CROSS JOIN LATERAL (
    SELECT
        l.id, l.request_id, l.client_request_id, l.operation_ref, l.key_ref, l.user_ref, l.team_ref, l.model_ref,
        l.deployment_ref, l.provider_ref, l.upstream_model_ref, l.end_user, l.started_at, l.latency_us,
        l.first_byte_us, l.upstream_us, l.input_tokens, l.output_tokens, l.cache_read_tokens, l.cache_write_tokens,
        l.reasoning_tokens, l.audio_input_tokens, l.audio_output_tokens, l.images, l.usage_source, l.cost_nanos,
        l.is_priced, l.is_stream, l.outcome, l.status, l.error_code, l.organization_ref, l.tags
    FROM spend_events AS l
    WHERE
        l.id = t.event_id
        AND l.started_at = t.started_at
        AND (CAST(?5 AS BIGINT) < 0 OR l.key_ref = ?5)
        AND (CAST(?6 AS BIGINT) < 0 OR l.user_ref = ?6)
        AND (CAST(?7 AS BIGINT) < 0 OR l.team_ref = ?7)
        AND (CAST(?8 AS BIGINT) < 0 OR l.model_ref = ?8)
        AND (CAST(?9 AS BIGINT) < 0 OR l.organization_ref = ?9)
    LIMIT 1
) AS e
WHERE
    t.tag_ref = ?10
    AND t.started_at >= ?1
    AND t.started_at < ?2
ORDER BY t.started_at DESC, t.event_id DESC
LIMIT ?3 OFFSET ?4
