-- Notes when somebody logged in.
-- Parameters: 1 user_id, 2 last_login_at.
-- Index: primary key.
UPDATE logins
SET last_login_at = ?2
WHERE user_id = ?1
