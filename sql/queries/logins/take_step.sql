-- Takes the code of a step. Changes no row if one of this step or a later one was taken before.
-- Parameters: 1 user_id, 2 step.
-- Index: primary key.
UPDATE logins
SET mfa_last_step = ?2
WHERE user_id = ?1 AND mfa_last_step < ?2
