-- Notes that whoever has a session proved again who they are.
-- Parameters: 1 session_id, 2 verified_at.
-- Index: primary key.
UPDATE sessions
SET verified_at = ?2
WHERE session_id = ?1 AND ended_at IS NULL
