-- Puts a value that was sealed anew in the place of what was read. Changes no row if another has come there meanwhile.
-- Parameters: 1 scope, 2 key_hash, 3 sealed as it was read, 4 sealed anew.
-- Index: primary key.
UPDATE idempotent_answers
SET answer = ?4
WHERE scope = ?1 AND key_hash = ?2 AND answer = ?3
