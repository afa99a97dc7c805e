-- Reads the rules of alerts that hold.
-- Parameters: none.
-- Columns: as alert_rules/select.
-- Index: none; there are few, and most of them hold.
SELECT
    alert_rule_id, name, description, enabled, scope, scope_ids, thresholds, soft_budget, channels, created_at,
    updated_at, revision
FROM alert_rules
WHERE enabled = 1
ORDER BY alert_rule_id
