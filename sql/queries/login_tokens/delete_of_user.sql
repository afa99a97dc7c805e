-- Removes all links of a user.
-- Parameters: 1 user_id.
-- Index: login_tokens_by_user.
DELETE FROM login_tokens
WHERE user_id = ?1
