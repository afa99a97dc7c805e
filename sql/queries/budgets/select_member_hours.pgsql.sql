-- Adds up what the calls of a member of a team cost in each hour, oldest hour first. An hour stops at nine billion
-- USD instead of failing beyond 64 bits.
-- Parameters: 1 first hour since 1970 UTC, 2 user, 3 team as ids of their names.
-- Columns: last millisecond of the hour, spend_nanos.
-- Index: spend_hourly_by_user, already in order.
SELECT
    hour * 3600000 + 3599999,
    LEAST(SUM(spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(spend_nanos % 1000000000)
FROM spend_hourly
WHERE
    user_ref = ?2
    AND user_ref <> 0
    AND team_ref = ?3
    AND hour >= ?1
GROUP BY hour
ORDER BY hour
