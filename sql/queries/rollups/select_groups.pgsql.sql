-- Finds the names of one dimension of which most was spent, the dearest first: of keys, teams, models, ... A range
-- is whole days, and hours before and after them.
-- Parameters: 1 dimension; from and until in slots: 2 and 3 hours, 4 and 5 days, 6 and 7 hours; 8 limit, 9 offset.
-- Columns: ref.
-- Index: spend_rollups_by_slot.
WITH
sums (ref, spend) AS (
    SELECT ref, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 3600 AND slot >= ?2 AND slot < ?3
    UNION ALL
    SELECT ref, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 86400 AND slot >= ?4 AND slot < ?5
    UNION ALL
    SELECT ref, spend_nanos
    FROM spend_rollups
    WHERE dimension = ?1 AND seconds = 3600 AND slot >= ?6 AND slot < ?7
)
SELECT sums.ref
FROM sums
GROUP BY sums.ref
ORDER BY SUM(sums.spend) DESC, sums.ref
LIMIT ?8 OFFSET ?9
