-- Adds a rule of alerts.
-- Parameters: 1 alert_rule_id, 2 name, 3 description, 4 enabled, 5 scope, which may be null, 6 scope_ids, 7 thresholds,
--   8 soft_budget, 9 channels, 10 created_at, 11 updated_at, 12 revision.
-- Index: none.
INSERT INTO alert_rules
    (alert_rule_id, name, description, enabled, scope, scope_ids, thresholds, soft_budget, channels, created_at,
    updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
