-- Gives a session another token. Changes no row if it has another one already, or is over.
-- Parameters: 1 session_id, 2 mac as it was read, 3 the new one.
-- Index: primary key.
UPDATE sessions
SET mac = ?3
WHERE session_id = ?1 AND mac = ?2 AND ended_at IS NULL
