-- Adds the sums of a batch, which lie in batch_daily, to their rows, in one order whoever does it. The spend stops at
-- the largest integer instead of failing.
-- Parameters: none.
-- Index: primary key.
INSERT INTO spend_daily
    (day, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos)
SELECT
    day, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos
FROM batch_daily
ORDER BY
    day, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status
ON CONFLICT (
    day, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status
)
DO UPDATE SET
    requests = spend_daily.requests + excluded.requests,
    input_tokens = spend_daily.input_tokens + excluded.input_tokens,
    output_tokens = spend_daily.output_tokens + excluded.output_tokens,
    cache_read_tokens = spend_daily.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = spend_daily.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = spend_daily.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = spend_daily.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = spend_daily.audio_output_tokens + excluded.audio_output_tokens,
    images = spend_daily.images + excluded.images,
    latency_us = spend_daily.latency_us + excluded.latency_us,
    unreported_requests = spend_daily.unreported_requests + excluded.unreported_requests,
    unpriced_requests = spend_daily.unpriced_requests + excluded.unpriced_requests,
    spend_nanos = CAST(LEAST(CAST(spend_daily.spend_nanos AS NUMERIC) + excluded.spend_nanos, 9223372036854775807) AS BIGINT)
