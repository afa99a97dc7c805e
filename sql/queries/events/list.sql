-- Reads calls; the log adds which, an order and a limit, see store/call_log.h.
-- Parameters: none; what the log adds.
-- Columns: those of events/insert in their order, with names instead of ids, and whether what was asked and answered is
--   kept. They are looked up row by row, because PostgreSQL takes far longer to plan nine joins than to read the whole
--   page.
-- Index: that by which the log chooses.
SELECT
    e.id, e.request_id, e.client_request_id,
    (SELECT n.name FROM names AS n WHERE n.id = e.operation_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.key_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.user_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.team_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.model_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.deployment_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.provider_ref),
    (SELECT n.name FROM names AS n WHERE n.id = e.upstream_model_ref),
    e.end_user, e.started_at, e.latency_us, e.first_byte_us, e.upstream_us, e.input_tokens, e.output_tokens,
    e.cache_read_tokens, e.cache_write_tokens, e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens,
    e.images, e.usage_source, e.cost_nanos, e.is_priced, e.is_stream, e.outcome, e.status, e.error_code,
    (SELECT n.name FROM names AS n WHERE n.id = e.organization_ref),
    e.tags,
    CASE WHEN EXISTS (SELECT 1 FROM call_contents AS c WHERE c.call_id = e.id) THEN 1 ELSE 0 END
FROM spend_events AS e
