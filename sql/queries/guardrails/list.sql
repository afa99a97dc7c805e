-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as guardrails/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    guardrail_id, name, description, type, stage, action, threshold, entities, on_error, position, enabled,
    scope, scope_ids, created_at, updated_at, revision, name_key
FROM guardrails
