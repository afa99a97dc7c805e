-- Says whether a user had a session from an address.
-- Parameters: 1 user_id, 2 ip.
-- Columns: 1.
-- Index: sessions_by_user.
SELECT 1
FROM sessions
WHERE user_id = ?1 AND ip = ?2
LIMIT 1
