-- Forgets that the directory has a user.
-- Parameters: 1 user_id.
-- Index: primary key.
DELETE FROM scim_users
WHERE user_id = ?1
