-- Ends the sessions of a user but one.
-- Parameters: 1 user_id, 2 session_id of the one that stays, or an empty text, 3 ended_at.
-- Index: sessions_by_user.
UPDATE sessions
SET ended_at = ?3
WHERE user_id = ?1 AND session_id <> ?2 AND ended_at IS NULL
