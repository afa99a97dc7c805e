-- Changes a rule of alerts, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 alert_rule_id, 2 name, 3 description, 4 enabled, 5 scope, which may be null, 6 scope_ids, 7 thresholds,
--   8 soft_budget, 9 channels, 10 created_at, 11 updated_at, 12 revision.
-- Index: primary key.
UPDATE alert_rules
SET
    name = ?2, description = ?3, enabled = ?4, scope = ?5, scope_ids = ?6, thresholds = ?7, soft_budget = ?8,
    channels = ?9, updated_at = ?11, revision = ?12
WHERE alert_rule_id = ?1 AND revision = ?12 - 1
