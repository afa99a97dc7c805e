-- Removes all rate limits of one object.
-- Parameters: 1 scope, 2 scope_id.
-- Index: primary key.
DELETE FROM rate_limits
WHERE scope = ?1 AND scope_id = ?2
