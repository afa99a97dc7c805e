-- Reads a rule of alerts.
-- Parameters: 1 alert_rule_id.
-- Columns: as the parameters of alert_rules/insert.
-- Index: primary key.
SELECT
    alert_rule_id, name, description, enabled, scope, scope_ids, thresholds, soft_budget, channels, created_at,
    updated_at, revision
FROM alert_rules
WHERE alert_rule_id = ?1
