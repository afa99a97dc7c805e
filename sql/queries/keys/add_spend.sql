-- Adds to the spend of a key, if the key still exists. Stops at the largest integer instead of turning
-- into a floating-point number.
-- Parameters: 1 amount in nanos, 2 id of the key's name.
-- Index: unique index of key_id, primary key of names.
UPDATE virtual_keys
SET spend_nanos = MIN(spend_nanos + ?1, 9223372036854775807)
WHERE key_id = (SELECT name FROM names WHERE id = ?2)
