-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as alert_rules/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    alert_rule_id, name, description, enabled, scope, scope_ids, thresholds, soft_budget, channels, created_at,
    updated_at, revision, name_key
FROM alert_rules
