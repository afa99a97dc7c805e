-- Removes what lets a user log in.
-- Parameters: 1 user_id.
-- Index: primary key.
DELETE FROM logins
WHERE user_id = ?1
