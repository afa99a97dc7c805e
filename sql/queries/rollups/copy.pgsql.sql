-- Takes the sums of a batch, a line each.
-- Parameters: none; the columns in order come after it.
COPY batch_rollups
    (dimension, seconds, ref, slot,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos, failed_requests)
FROM STDIN
