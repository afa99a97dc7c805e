-- Finds the names of one dimension of which most was spent, the dearest first: of keys, teams, models, ... A range
-- is whole days, and hours before and after them. Which names there are is found by one look for each.
-- Parameters: 1 dimension; from and until in slots: 2 and 3 hours, 4 and 5 days, 6 and 7 hours; 8 limit, 9 offset.
-- Columns: ref.
-- Index: primary key of spend_rollups.
WITH RECURSIVE
spans (seconds, first, beyond) AS (
    VALUES
    (3600, CAST(?2 AS BIGINT), CAST(?3 AS BIGINT)),
    (86400, CAST(?4 AS BIGINT), CAST(?5 AS BIGINT)),
    (3600, CAST(?6 AS BIGINT), CAST(?7 AS BIGINT))
),
refs (ref) AS (
    SELECT MIN(ref) FROM spend_rollups WHERE dimension = ?1 AND seconds = 86400
    UNION ALL
    SELECT (
        SELECT MIN(r.ref)
        FROM spend_rollups AS r
        WHERE r.dimension = ?1 AND r.seconds = 86400 AND r.ref > refs.ref
    )
    FROM refs
    WHERE refs.ref IS NOT NULL
),
sums (ref, spend) AS MATERIALIZED (
    SELECT
        refs.ref,
        (
            SELECT SUM(r.spend_nanos)
            FROM spans AS s
            CROSS JOIN spend_rollups AS r
            WHERE
                r.dimension = ?1
                AND r.seconds = s.seconds
                AND r.ref = refs.ref
                AND r.slot >= s.first
                AND r.slot < s.beyond
        )
    FROM refs
)
SELECT sums.ref
FROM sums
WHERE sums.spend IS NOT NULL
ORDER BY sums.spend DESC, sums.ref
LIMIT ?8 OFFSET ?9
