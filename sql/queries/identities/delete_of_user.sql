-- Removes who a user is for all others.
-- Parameters: 1 user_id.
-- Index: identities_by_user.
DELETE FROM identities
WHERE user_id = ?1
