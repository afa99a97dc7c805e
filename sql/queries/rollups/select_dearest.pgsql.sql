-- Finds of some names of a dimension those of which most was spent in some spans of time, the dearest first.
-- Parameters: 1 dimension, 2 refs as a JSON array, 3 spans as a JSON array of arrays: seconds of a slot, the first
--   slot, the one beyond; 4 limit.
-- Columns: ref.
-- Index: primary key of spend_rollups.
SELECT r.ref
FROM json_array_elements_text(CAST(?2 AS JSON)) AS wanted (ref)
CROSS JOIN json_array_elements(CAST(?3 AS JSON)) AS s (span)
INNER JOIN spend_rollups AS r
    ON
        r.seconds = CAST(s.span ->> 0 AS BIGINT)
        AND r.ref = CAST(wanted.ref AS BIGINT)
        AND r.slot >= CAST(s.span ->> 1 AS BIGINT)
        AND r.slot < CAST(s.span ->> 2 AS BIGINT)
WHERE r.dimension = ?1
GROUP BY r.ref
ORDER BY SUM(r.spend_nanos) DESC, r.ref
LIMIT ?4
