-- Reads the sessions of a user that are not over, the one used last first.
-- Parameters: 1 user_id, 2 last_seen_at at least, 3 created_at at least.
-- Columns: session_id, mac, user_id, role, created_at, last_seen_at, verified_at, ip, user_agent.
-- Index: sessions_by_user.
SELECT session_id, mac, user_id, role, created_at, last_seen_at, verified_at, ip, user_agent
FROM sessions
WHERE user_id = ?1 AND ended_at IS NULL AND last_seen_at >= ?2 AND created_at >= ?3
ORDER BY last_seen_at DESC, session_id
LIMIT 100
