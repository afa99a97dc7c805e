-- Posts settled calls, a line each.
-- Parameters: none; the columns in order come after it.
COPY spend_events
    (id, request_id, client_request_id, operation_ref, key_ref, user_ref, team_ref, model_ref, deployment_ref,
     provider_ref, upstream_model_ref, end_user, started_at, latency_us, first_byte_us, upstream_us, input_tokens,
     output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_input_tokens,
     audio_output_tokens, images, usage_source, cost_nanos, is_priced, is_stream, outcome, status, error_code,
     organization_ref, tags)
FROM STDIN
