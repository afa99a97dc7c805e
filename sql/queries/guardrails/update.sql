-- Changes a guardrail, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 guardrail_id, 2 name, 3 description, 4 type, 5 stage, 6 action, 7 threshold, 8 entities, 9 on_error,
--   10 position, 11 enabled, 12 scope, 13 scope_ids, 14 created_at, 15 updated_at, 16 revision.
-- Index: primary key.
UPDATE guardrails
SET
    name = ?2, description = ?3, type = ?4, stage = ?5, action = ?6, threshold = ?7, entities = ?8,
    on_error = ?9, position = ?10, enabled = ?11, scope = ?12, scope_ids = ?13, updated_at = ?15,
    revision = ?16
WHERE guardrail_id = ?1 AND revision = ?16 - 1
