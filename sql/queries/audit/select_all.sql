-- Reads the whole audit log, oldest first, to prove or to export it.
-- Parameters: none.
-- Columns: in this order,
--   format, sequence, occurred_at, config_version, actor_kind, actor_id, actor_name, auth_method, ip,
--   user_agent, action, target_kind, target_id, target_name, organization_id, team_id, before_json,
--   after_json, outcome, reason, request_id, hash, mac.
-- Index: primary key, already in order.
SELECT
    format, sequence, occurred_at, config_version, actor_kind, actor_id, actor_name, auth_method, ip,
    user_agent, action, target_kind, target_id, target_name, organization_id, team_id, before_json,
    after_json, outcome, reason, request_id, hash, mac
FROM audit_events
ORDER BY sequence
