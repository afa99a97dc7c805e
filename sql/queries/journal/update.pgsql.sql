-- Moves the position of a journal, never backwards.
-- Parameters: 1 applied, 2 retain, 3 id of the journal.
-- Index: primary key.
UPDATE journals
SET applied = ?1, retain = GREATEST(retain, ?2)
WHERE id = ?3 AND applied <= ?1
