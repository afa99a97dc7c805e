-- Ends a session of a user.
-- Parameters: 1 session_id, 2 user_id, 3 ended_at.
-- Index: primary key.
UPDATE sessions
SET ended_at = ?3
WHERE session_id = ?1 AND user_id = ?2 AND ended_at IS NULL
