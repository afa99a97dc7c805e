-- Uses a link. Changes no row if it was used before or has expired.
-- Parameters: 1 mac, 2 used_at.
-- Index: primary key.
UPDATE login_tokens
SET used_at = ?2
WHERE mac = ?1 AND used_at IS NULL AND expires_at > ?2
