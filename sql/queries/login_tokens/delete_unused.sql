-- Removes the links of a user that were not used.
-- Parameters: 1 user_id.
-- Index: login_tokens_by_user.
DELETE FROM login_tokens
WHERE user_id = ?1 AND used_at IS NULL
