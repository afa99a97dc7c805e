-- Writes another hash of the same password. Changes no row if it is another password by now.
-- Parameters: 1 user_id, 2 password_hash as it was read, 3 the new one.
-- Index: primary key.
UPDATE logins
SET password_hash = ?3
WHERE user_id = ?1 AND password_hash = ?2
