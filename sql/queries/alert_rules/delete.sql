-- Removes a rule of alerts.
-- Parameters: 1 alert_rule_id.
-- Index: primary key.
DELETE FROM alert_rules
WHERE alert_rule_id = ?1
