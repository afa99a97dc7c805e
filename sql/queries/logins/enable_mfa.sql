-- Puts a second factor in force whose first code was right. Changes no row if it is not that seed which waits.
-- Parameters: 1 user_id, 2 mfa_pending_seed as it was read, 3 mfa_enabled_at, 4 step of that code.
-- Index: primary key.
UPDATE logins
SET
    mfa_seed = mfa_pending_seed,
    mfa_pending_seed = NULL,
    mfa_enabled_at = ?3,
    mfa_last_step = ?4
WHERE user_id = ?1 AND mfa_pending_seed = ?2 AND mfa_enabled_at IS NULL
