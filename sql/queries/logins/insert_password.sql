-- Gives a user a password, unless there is a row of theirs already.
-- Parameters: 1 user_id, 2 password_hash, 3 must_change, 4 password_at.
INSERT INTO logins
    (user_id, password_hash, must_change, password_at, last_login_at, mfa_seed, mfa_pending_seed, mfa_enabled_at,
     mfa_last_step)
VALUES
    (?1, ?2, ?3, ?4, NULL, NULL, NULL, NULL, 0)
ON CONFLICT (user_id) DO NOTHING
