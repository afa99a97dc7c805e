-- Puts a value that was sealed anew in the place of what was read. Changes no row if another has come there meanwhile.
-- Parameters: 1 user_id, 3 sealed as it was read, 4 sealed anew.
-- Index: primary key.
UPDATE logins
SET mfa_pending_seed = ?4
WHERE user_id = ?1 AND mfa_pending_seed = ?3
