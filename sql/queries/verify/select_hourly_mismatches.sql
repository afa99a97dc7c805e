-- Compares every roll-up with the events that it should hold, as far back as there are events.
-- Parameters: none.
-- Columns: hour, key name, model name; requests and spend_nanos of the events; the same of the roll-up.
--   Null on one side: it has no such row.
-- Index: primary key of spend_hourly for what each sum is compared with. Every row is wanted.
WITH events AS (
    SELECT
        started_at / 3600000 AS hour,
        key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
        outcome, status,
        COUNT(*) AS requests,
        SUM(input_tokens) AS input_tokens,
        SUM(output_tokens) AS output_tokens,
        SUM(cache_read_tokens) AS cache_read_tokens,
        SUM(cache_write_tokens) AS cache_write_tokens,
        SUM(reasoning_tokens) AS reasoning_tokens,
        SUM(audio_input_tokens) AS audio_input_tokens,
        SUM(audio_output_tokens) AS audio_output_tokens,
        SUM(images) AS images,
        SUM(latency_us) AS latency_us,
        COUNT(*) FILTER (WHERE usage_source <> 1) AS unreported_requests,
        COUNT(*) FILTER (WHERE is_priced = 0) AS unpriced_requests,
        SUM(cost_nanos) AS spend_nanos
    FROM spend_events
    WHERE started_at >= (SELECT events_from FROM spend_retention WHERE id = 1)
    GROUP BY
        started_at / 3600000, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref,
        provider_ref, operation_ref, outcome, status
)
SELECT
    COALESCE(e.hour, h.hour),
    (SELECT name FROM names WHERE id = COALESCE(e.key_ref, h.key_ref)),
    (SELECT name FROM names WHERE id = COALESCE(e.model_ref, h.model_ref)),
    e.requests, e.spend_nanos, h.requests, h.spend_nanos
FROM events AS e
FULL JOIN spend_hourly AS h
    ON h.hour = e.hour
    AND h.key_ref = e.key_ref
    AND h.user_ref = e.user_ref
    AND h.team_ref = e.team_ref
    AND h.organization_ref = e.organization_ref
    AND h.model_ref = e.model_ref
    AND h.deployment_ref = e.deployment_ref
    AND h.provider_ref = e.provider_ref
    AND h.operation_ref = e.operation_ref
    AND h.outcome = e.outcome
    AND h.status = e.status
WHERE
    (h.hour IS NULL OR h.hour >= (SELECT events_from / 3600000 FROM spend_retention WHERE id = 1))
    AND (
        e.requests IS DISTINCT FROM h.requests
        OR e.input_tokens IS DISTINCT FROM h.input_tokens
        OR e.output_tokens IS DISTINCT FROM h.output_tokens
        OR e.cache_read_tokens IS DISTINCT FROM h.cache_read_tokens
        OR e.cache_write_tokens IS DISTINCT FROM h.cache_write_tokens
        OR e.reasoning_tokens IS DISTINCT FROM h.reasoning_tokens
        OR e.audio_input_tokens IS DISTINCT FROM h.audio_input_tokens
        OR e.audio_output_tokens IS DISTINCT FROM h.audio_output_tokens
        OR e.images IS DISTINCT FROM h.images
        OR e.latency_us IS DISTINCT FROM h.latency_us
        OR e.unreported_requests IS DISTINCT FROM h.unreported_requests
        OR e.unpriced_requests IS DISTINCT FROM h.unpriced_requests
        OR e.spend_nanos IS DISTINCT FROM h.spend_nanos
    )
LIMIT 1000
