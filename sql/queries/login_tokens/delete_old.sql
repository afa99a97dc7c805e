-- Removes links that expired before a moment.
-- Parameters: 1 expires_at.
-- Index: login_tokens_by_expiry.
DELETE FROM login_tokens
WHERE expires_at < ?1
