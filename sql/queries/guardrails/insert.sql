-- Adds a guardrail.
-- Parameters: 1 guardrail_id, 2 name, 3 description, 4 type, 5 stage, 6 action, 7 threshold, 8 entities, 9 on_error,
--   10 position, 11 enabled, 12 scope, 13 scope_ids, 14 created_at, 15 updated_at, 16 revision.
-- Index: none.
INSERT INTO guardrails
    (guardrail_id, name, description, type, stage, action, threshold, entities, on_error, position, enabled,
    scope, scope_ids, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
