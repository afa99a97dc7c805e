-- Removes a user.
-- Parameters: 1 user_id.
-- Index: primary key.
DELETE FROM users
WHERE user_id = ?1
