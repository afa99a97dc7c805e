-- Posts one settled call.
-- Parameters: the columns in order; client_request_id, end_user, first_byte_us, upstream_us, error_code and tags
--   may be null.
INSERT INTO spend_events
    (id, request_id, client_request_id, operation_ref, key_ref, user_ref, team_ref, model_ref, deployment_ref,
     provider_ref, upstream_model_ref, end_user, started_at, latency_us, first_byte_us, upstream_us, input_tokens,
     output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, audio_input_tokens,
     audio_output_tokens, images, usage_source, cost_nanos, is_priced, is_stream, outcome, status, error_code,
     organization_ref, tags)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
     ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)
