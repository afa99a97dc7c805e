-- Removes a rate limit.
-- Parameters: 1 scope, 2 scope_id, 3 member_id, 4 model.
-- Index: primary key.
DELETE FROM rate_limits
WHERE scope = ?1 AND scope_id = ?2 AND member_id = ?3 AND model = ?4
