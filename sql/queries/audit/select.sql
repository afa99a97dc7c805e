-- Reads an event of the audit log.
-- Parameters: 1 sequence.
-- Columns: those of AuditEvent, in its order.
-- Index: primary key.
SELECT
    sequence, occurred_at, actor_kind, actor_id, actor_name, auth_method, ip, user_agent, action, target_kind,
    target_id, target_name, organization_id, team_id, before_json, after_json, outcome, reason, request_id,
    config_version, hash, mac
FROM audit_events
WHERE sequence = ?1
