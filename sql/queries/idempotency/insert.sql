-- Keeps what a request with an Idempotency-Key was answered.
-- Parameters: 1 scope, 2 key_hash, 3 request_hash, 4 answer, 5 created_at.
-- Index: none.
INSERT INTO idempotent_answers
    (scope, key_hash, request_hash, answer, created_at)
VALUES
    (?1, ?2, ?3, ?4, ?5)
