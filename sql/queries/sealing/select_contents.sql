-- Reads kept contents of calls that are not sealed with a key, in the order of their ids.
-- Parameters: 1 kek_id, 2 call_id as a text that all come after, empty for the first, 4 most rows.
-- Columns: call_id as a text, nothing, what was sealed.
-- Index: primary key, from that call on.
SELECT CAST(c.call_id AS TEXT), '', c.sealed
FROM call_contents AS c
WHERE c.call_id > CAST(COALESCE(NULLIF(?2, ''), '-1') AS BIGINT) AND c.kek_id IS DISTINCT FROM ?1
ORDER BY c.call_id
LIMIT CAST(?4 AS BIGINT)
