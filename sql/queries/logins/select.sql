-- Reads what lets a user log in.
-- Parameters: 1 user_id.
-- Columns: all of the table, in order.
-- Index: primary key.
SELECT
    user_id, password_hash, must_change, password_at, last_login_at, mfa_seed, mfa_pending_seed, mfa_enabled_at,
    mfa_last_step
FROM logins
WHERE user_id = ?1
