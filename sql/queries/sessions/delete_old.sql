-- Removes sessions that were used last before a moment.
-- Parameters: 1 last_seen_at.
-- Index: sessions_by_last_seen.
DELETE FROM sessions
WHERE last_seen_at < ?1
