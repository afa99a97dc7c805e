-- Gives a user a password, or takes the one they have away; their second factor stays.
-- Parameters: 1 user_id, 2 password_hash or an empty text, 3 must_change, 4 password_at.
INSERT INTO logins
    (user_id, password_hash, must_change, password_at, last_login_at, mfa_seed, mfa_pending_seed, mfa_enabled_at,
     mfa_last_step)
VALUES
    (?1, ?2, ?3, ?4, NULL, NULL, NULL, NULL, 0)
ON CONFLICT (user_id) DO UPDATE SET
    password_hash = excluded.password_hash,
    must_change = excluded.must_change,
    password_at = excluded.password_at
