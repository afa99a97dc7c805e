-- Adds a session.
-- Parameters: 1 session_id, 2 mac, 3 user_id, 4 role, 5 created_at, 6 last_seen_at, 7 verified_at, 8 ip,
--   9 user_agent.
INSERT INTO sessions
    (session_id, mac, user_id, role, created_at, last_seen_at, verified_at, ended_at, ip, user_agent)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9)
