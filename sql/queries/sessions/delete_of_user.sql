-- Removes all sessions of a user.
-- Parameters: 1 user_id.
-- Index: sessions_by_user.
DELETE FROM sessions
WHERE user_id = ?1
