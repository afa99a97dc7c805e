-- Reads a guardrail.
-- Parameters: 1 guardrail_id.
-- Columns: all, as guardrails/insert takes them.
-- Index: primary key.
SELECT
    guardrail_id, name, description, type, stage, action, threshold, entities, on_error, position, enabled,
    scope, scope_ids, created_at, updated_at, revision
FROM guardrails
WHERE guardrail_id = ?1
