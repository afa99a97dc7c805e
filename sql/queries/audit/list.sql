-- Reads events of the audit log; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: those of AuditEvent, in its order.
-- Index: primary key, or that of a filter.
SELECT
    sequence, occurred_at, actor_kind, actor_id, actor_name, auth_method, ip, user_agent, action, target_kind,
    target_id, target_name, organization_id, team_id, before_json, after_json, outcome, reason, request_id,
    config_version, hash, mac
FROM audit_events
