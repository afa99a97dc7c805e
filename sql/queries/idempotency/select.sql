-- Reads what a request with an Idempotency-Key was answered.
-- Parameters: 1 scope, 2 key_hash.
-- Columns: request_hash, answer.
-- Index: primary key.
SELECT request_hash, answer
FROM idempotent_answers
WHERE scope = ?1 AND key_hash = ?2
