-- Adds an event to the audit log.
-- Parameters: as the columns,
--   1 format, 2 sequence, 3 occurred_at, 4 config_version, 5 actor_kind, 6 actor_id, 7 actor_name,
--   8 auth_method, 9 ip, 10 user_agent, 11 action, 12 target_kind, 13 target_id, 14 target_name,
--   15 organization_id, 16 team_id, 17 before_json, 18 after_json, 19 outcome, 20 reason, 21 request_id,
--   22 hash, 23 mac.
INSERT INTO audit_events
    (format, sequence, occurred_at, config_version, actor_kind, actor_id, actor_name, auth_method, ip,
     user_agent, action, target_kind, target_id, target_name, organization_id, team_id, before_json,
     after_json, outcome, reason, request_id, hash, mac)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
