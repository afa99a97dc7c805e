-- Adds a deployment.
-- Parameters: 1 deployment_id, 2 model_name, 3 provider, 4 model, 5 api_base, 6 credential_id, 7 state, 8 weight,
--   9 priority, 10 tags, 11 timeout_ms, 12 stream_timeout_ms, 13 max_output_tokens, 14 mode, 15 base_model,
--   16 allow_unpriced, 17 prices, 18 extra_headers, 19 organization, 20 description, 21 metadata, 22 source,
--   23 created_at, 24 updated_at, 25 revision.
-- Index: none.
INSERT INTO deployments
    (deployment_id, model_name, provider, model, api_base, credential_id, state, weight, priority, tags,
    timeout_ms, stream_timeout_ms, max_output_tokens, mode, base_model, allow_unpriced, prices,
    extra_headers, organization, description, metadata, source, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
    ?23, ?24, ?25)
