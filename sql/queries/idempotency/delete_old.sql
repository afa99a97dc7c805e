-- Removes answers that are too old to be asked for again.
-- Parameters: 1 the time before which they were given.
-- Index: idempotent_answers_by_creation.
DELETE FROM idempotent_answers
WHERE created_at < ?1
