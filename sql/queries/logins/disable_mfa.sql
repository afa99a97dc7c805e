-- Takes a second factor away. Changes no row if there is none.
-- Parameters: 1 user_id.
-- Index: primary key.
UPDATE logins
SET
    mfa_seed = NULL,
    mfa_pending_seed = NULL,
    mfa_enabled_at = NULL
WHERE user_id = ?1 AND mfa_enabled_at IS NOT NULL
