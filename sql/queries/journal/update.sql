-- Moves the position of the journal, never backwards.
-- Parameters: 1 applied, 2 retain.
-- Index: primary key.
UPDATE journal_state
SET applied = ?1, retain = MAX(retain, ?2)
WHERE id = 1 AND applied <= ?1
