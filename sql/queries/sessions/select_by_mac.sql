-- Reads the session of a token, unless it was ended.
-- Parameters: 1 mac.
-- Columns: session_id, mac, user_id, role, created_at, last_seen_at, verified_at, ip, user_agent.
-- Index: unique index on mac.
SELECT session_id, mac, user_id, role, created_at, last_seen_at, verified_at, ip, user_agent
FROM sessions
WHERE mac = ?1 AND ended_at IS NULL
