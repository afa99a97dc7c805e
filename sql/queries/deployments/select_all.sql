-- Reads all deployments.
-- Parameters: none.
-- Columns: all, as deployments/insert takes them.
-- Index: none; the table is read whole.
SELECT
    deployment_id, model_name, provider, model, api_base, credential_id, state, weight, priority, tags,
    timeout_ms, stream_timeout_ms, max_output_tokens, mode, base_model, allow_unpriced, prices,
    extra_headers, organization, description, metadata, source, created_at, updated_at, revision
FROM deployments
