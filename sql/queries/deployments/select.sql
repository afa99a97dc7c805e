-- Reads a deployment.
-- Parameters: 1 deployment_id.
-- Columns: all, as deployments/insert takes them.
-- Index: primary key.
SELECT
    deployment_id, model_name, provider, model, api_base, credential_id, state, weight, priority, tags,
    timeout_ms, stream_timeout_ms, max_output_tokens, mode, base_model, allow_unpriced, prices,
    extra_headers, organization, description, metadata, source, created_at, updated_at, revision
FROM deployments
WHERE deployment_id = ?1
