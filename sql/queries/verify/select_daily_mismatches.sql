-- Compares the sums of days with those of hours.
-- Parameters: none.
-- Columns: day, key name, model name; requests and spend_nanos of the hours; the same of the day.
--   Null on one side: it has no such row.
-- Index: primary key of spend_daily for what each sum is compared with. Every row is wanted.
WITH hours AS (
    SELECT
        hour / 24 AS day,
        key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
        outcome, status,
        SUM(requests) AS requests,
        SUM(input_tokens) AS input_tokens,
        SUM(output_tokens) AS output_tokens,
        SUM(cache_read_tokens) AS cache_read_tokens,
        SUM(cache_write_tokens) AS cache_write_tokens,
        SUM(reasoning_tokens) AS reasoning_tokens,
        SUM(audio_input_tokens) AS audio_input_tokens,
        SUM(audio_output_tokens) AS audio_output_tokens,
        SUM(images) AS images,
        SUM(latency_us) AS latency_us,
        SUM(unreported_requests) AS unreported_requests,
        SUM(unpriced_requests) AS unpriced_requests,
        SUM(spend_nanos) AS spend_nanos
    FROM spend_hourly
    GROUP BY
        hour / 24, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref,
        operation_ref, outcome, status
)
SELECT
    COALESCE(h.day, d.day),
    (SELECT name FROM names WHERE id = COALESCE(h.key_ref, d.key_ref)),
    (SELECT name FROM names WHERE id = COALESCE(h.model_ref, d.model_ref)),
    h.requests, h.spend_nanos, d.requests, d.spend_nanos
FROM hours AS h
FULL JOIN spend_daily AS d
    ON d.day = h.day
    AND d.key_ref = h.key_ref
    AND d.user_ref = h.user_ref
    AND d.team_ref = h.team_ref
    AND d.organization_ref = h.organization_ref
    AND d.model_ref = h.model_ref
    AND d.deployment_ref = h.deployment_ref
    AND d.provider_ref = h.provider_ref
    AND d.operation_ref = h.operation_ref
    AND d.outcome = h.outcome
    AND d.status = h.status
WHERE
    h.requests IS DISTINCT FROM d.requests
    OR h.input_tokens IS DISTINCT FROM d.input_tokens
    OR h.output_tokens IS DISTINCT FROM d.output_tokens
    OR h.cache_read_tokens IS DISTINCT FROM d.cache_read_tokens
    OR h.cache_write_tokens IS DISTINCT FROM d.cache_write_tokens
    OR h.reasoning_tokens IS DISTINCT FROM d.reasoning_tokens
    OR h.audio_input_tokens IS DISTINCT FROM d.audio_input_tokens
    OR h.audio_output_tokens IS DISTINCT FROM d.audio_output_tokens
    OR h.images IS DISTINCT FROM d.images
    OR h.latency_us IS DISTINCT FROM d.latency_us
    OR h.unreported_requests IS DISTINCT FROM d.unreported_requests
    OR h.unpriced_requests IS DISTINCT FROM d.unpriced_requests
    OR h.spend_nanos IS DISTINCT FROM d.spend_nanos
LIMIT 1000
