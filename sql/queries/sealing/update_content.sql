-- Puts a value that was sealed anew in the place of what was read. Changes no row if another has come there meanwhile.
-- Parameters: 1 call_id as a text, 3 sealed as it was read, 4 sealed anew.
-- Index: primary key.
UPDATE call_contents
SET sealed = ?4
WHERE call_id = CAST(?1 AS BIGINT) AND sealed = ?3
