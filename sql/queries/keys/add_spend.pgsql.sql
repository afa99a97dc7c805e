-- Adds what a batch cost, which lies in batch_keys, to the spend of the keys that still exist. Stops at the
-- largest integer instead of failing.
-- Parameters: none.
-- Index: unique index of key_id, primary key of names.
UPDATE virtual_keys AS k
SET spend_nanos = CAST(LEAST(CAST(k.spend_nanos AS NUMERIC) + b.amount_nanos, 9223372036854775807) AS BIGINT)
FROM batch_keys AS b
INNER JOIN names AS n ON n.id = b.key_ref
WHERE k.key_id = n.name
