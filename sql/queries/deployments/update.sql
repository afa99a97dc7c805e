-- Changes a deployment, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 deployment_id, 2 model_name, 3 provider, 4 model, 5 api_base, 6 credential_id, 7 state, 8 weight,
--   9 priority, 10 tags, 11 timeout_ms, 12 stream_timeout_ms, 13 max_output_tokens, 14 mode, 15 base_model,
--   16 allow_unpriced, 17 prices, 18 extra_headers, 19 organization, 20 description, 21 metadata, 22 source,
--   23 created_at, 24 updated_at, 25 revision.
-- Index: primary key.
UPDATE deployments
SET
    model_name = ?2, provider = ?3, model = ?4, api_base = ?5, credential_id = ?6, state = ?7, weight = ?8,
    priority = ?9, tags = ?10, timeout_ms = ?11, stream_timeout_ms = ?12, max_output_tokens = ?13, mode = ?14,
    base_model = ?15, allow_unpriced = ?16, prices = ?17, extra_headers = ?18, organization = ?19,
    description = ?20, metadata = ?21, source = ?22, updated_at = ?24, revision = ?25
WHERE deployment_id = ?1 AND revision = ?25 - 1
