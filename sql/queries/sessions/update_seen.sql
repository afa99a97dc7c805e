-- Notes that a session was used.
-- Parameters: 1 session_id, 2 last_seen_at.
-- Index: primary key.
UPDATE sessions
SET last_seen_at = ?2
WHERE session_id = ?1 AND last_seen_at < ?2
