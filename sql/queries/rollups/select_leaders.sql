-- Finds of which keys, users or teams most was spent on a day, the dearest first.
-- Parameters: 1 dimension, which is 1, 2 or 3; 2 day since 1970 UTC, 3 limit.
-- Columns: ref, spend_nanos.
-- Index: spend_rollups_by_spend, already in order.
SELECT ref, spend_nanos
FROM spend_rollups
WHERE
    seconds = 86400
    AND dimension IN (1, 2, 3)
    AND dimension = ?1
    AND slot = ?2
ORDER BY spend_nanos DESC
LIMIT ?3
