-- Adds up what calls cost in each hour, oldest hour first. An hour stops at nine billion USD instead
-- of failing beyond 64 bits.
-- Parameters: 1 first hour since 1970 UTC, 6 model, 7 deployment, 8 provider as ids of their names; negative: any.
-- Columns: last millisecond of the hour, spend_nanos.
-- Index: primary key, by hour, already in order.
SELECT
    hour * 3600000 + 3599999,
    MIN(SUM(spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(spend_nanos % 1000000000)
FROM spend_hourly
WHERE
    hour >= ?1
    AND (?6 < 0 OR model_ref = ?6)
    AND (?7 < 0 OR deployment_ref = ?7)
    AND (?8 < 0 OR provider_ref = ?8)
GROUP BY hour
ORDER BY hour
