-- Adds up what the calls of one dimension cost in each hour, oldest hour first.
-- Parameters: 1 first hour since 1970 UTC, 2 dimension, 3 ref.
-- Columns: last millisecond of the hour, spend_nanos.
-- Index: primary key of spend_rollups, already in order.
SELECT slot * 3600000 + 3599999, spend_nanos
FROM spend_rollups
WHERE
    dimension = ?2
    AND ref = ?3
    AND seconds = 3600
    AND slot >= ?1
ORDER BY slot
