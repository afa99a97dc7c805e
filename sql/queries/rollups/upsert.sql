-- Adds the sums of a batch to the row of their slot. The spend stops at the largest integer instead of
-- turning into a floating-point number.
-- Parameters: the columns in order.
-- Index: primary key.
INSERT INTO spend_rollups
    (dimension, seconds, ref, slot,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos, failed_requests)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
ON CONFLICT (dimension, seconds, ref, slot)
DO UPDATE SET
    requests = spend_rollups.requests + excluded.requests,
    input_tokens = spend_rollups.input_tokens + excluded.input_tokens,
    output_tokens = spend_rollups.output_tokens + excluded.output_tokens,
    cache_read_tokens = spend_rollups.cache_read_tokens + excluded.cache_read_tokens,
    cache_write_tokens = spend_rollups.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = spend_rollups.reasoning_tokens + excluded.reasoning_tokens,
    audio_input_tokens = spend_rollups.audio_input_tokens + excluded.audio_input_tokens,
    audio_output_tokens = spend_rollups.audio_output_tokens + excluded.audio_output_tokens,
    images = spend_rollups.images + excluded.images,
    latency_us = spend_rollups.latency_us + excluded.latency_us,
    unreported_requests = spend_rollups.unreported_requests + excluded.unreported_requests,
    unpriced_requests = spend_rollups.unpriced_requests + excluded.unpriced_requests,
    failed_requests = spend_rollups.failed_requests + excluded.failed_requests,
    spend_nanos = MIN(spend_rollups.spend_nanos + excluded.spend_nanos, 9223372036854775807)
