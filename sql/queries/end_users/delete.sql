-- Removes an end user.
-- Parameters: 1 end_user_id.
-- Index: that of end_user_id.
DELETE FROM end_users
WHERE end_user_id = ?1
