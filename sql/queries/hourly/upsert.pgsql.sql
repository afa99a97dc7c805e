-- Adds the sums of a batch, which lie in batch_hourly, to their rows, in one order whoever does it. The spend stops at
-- the largest integer instead of failing.
-- Parameters: none.
-- Index: primary key.
INSERT INTO spend_hourly
    (hour, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos)
SELECT
    hour, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos
FROM batch_hourly
ORDER BY
    hour, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status
ON CONFLICT (
    hour, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref, operation_ref,
    outcome, status
)
DO UPDATE SET
    requests = spend_hourly.requests + excluded.requests,
    input_tokens = spend_hourly.input_tokens + excluded.input_tokens,
    output_tokens = spend_hourly.output_tokens + excluded.output_tokens,
    cache_read_tokens = spend_hourly.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = spend_hourly.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = spend_hourly.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = spend_hourly.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = spend_hourly.audio_output_tokens + excluded.audio_output_tokens,
    images = spend_hourly.images + excluded.images,
    latency_us = spend_hourly.latency_us + excluded.latency_us,
    unreported_requests = spend_hourly.unreported_requests + excluded.unreported_requests,
    unpriced_requests = spend_hourly.unpriced_requests + excluded.unpriced_requests,
    spend_nanos = CAST(LEAST(CAST(spend_hourly.spend_nanos AS NUMERIC) + excluded.spend_nanos, 9223372036854775807) AS BIGINT)
