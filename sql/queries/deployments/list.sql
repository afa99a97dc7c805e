-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as deployments/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    deployment_id, model_name, provider, model, api_base, credential_id, state, weight, priority, tags,
    timeout_ms, stream_timeout_ms, max_output_tokens, mode, base_model, allow_unpriced, prices,
    extra_headers, organization, description, metadata, source, created_at, updated_at, revision, name_key
FROM deployments
