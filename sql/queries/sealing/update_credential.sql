-- Puts a value that was sealed anew in the place of what was read. Changes no row if another has come there meanwhile.
-- Parameters: 1 credential_id, 3 sealed as it was read, 4 sealed anew.
-- Index: primary key.
UPDATE credential_secrets
SET sealed = ?4
WHERE credential_id = ?1 AND sealed = ?3
