-- Adds what a link holds.
-- Parameters: 1 mac, 2 purpose, 3 user_id, 4 created_by, 5 created_at, 6 expires_at.
INSERT INTO login_tokens
    (mac, purpose, user_id, created_by, created_at, expires_at, used_at)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, NULL)
