-- Reads kept answers that are not sealed with a key, in the order of their places.
-- Parameters: 1 kek_id, 2 scope and 3 key_hash that all come after, 4 most rows.
-- Columns: scope, key_hash, what was sealed.
-- Index: primary key, from that place on.
SELECT a.scope, a.key_hash, a.answer
FROM idempotent_answers AS a
WHERE (a.scope, a.key_hash) > (?2, ?3) AND a.kek_id IS DISTINCT FROM ?1
ORDER BY a.scope, a.key_hash
LIMIT CAST(?4 AS BIGINT)
