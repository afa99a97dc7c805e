-- Reads what a link holds, unless it was used.
-- Parameters: 1 mac, 2 purpose.
-- Columns: user_id, created_by, created_at, expires_at.
-- Index: primary key.
SELECT user_id, created_by, created_at, expires_at
FROM login_tokens
WHERE mac = ?1 AND purpose = ?2 AND used_at IS NULL
