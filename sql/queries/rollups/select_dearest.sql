-- Finds of some names of a dimension those of which most was spent in some spans of time, the dearest first.
-- Parameters: 1 dimension, 2 refs as a JSON array, 3 spans as a JSON array of arrays: seconds of a slot, the first
--   slot, the one beyond; 4 limit.
-- Columns: ref.
-- Index: primary key of spend_rollups.
SELECT r.ref
FROM json_each(?2) AS wanted
CROSS JOIN json_each(?3) AS s
CROSS JOIN spend_rollups AS r
WHERE
    r.dimension = ?1
    AND r.seconds = s.value ->> 0
    AND r.ref = wanted.value
    AND r.slot >= s.value ->> 1
    AND r.slot < s.value ->> 2
GROUP BY r.ref
ORDER BY SUM(r.spend_nanos) DESC, r.ref
LIMIT ?4
