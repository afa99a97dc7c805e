-- Keeps the seed of a second factor that is not proven yet, or forgets it. Changes no row while one is in force.
-- Parameters: 1 user_id, 2 sealed seed or null.
-- Index: primary key.
UPDATE logins
SET mfa_pending_seed = ?2
WHERE user_id = ?1 AND mfa_enabled_at IS NULL
