-- Compares the spend of every key with the sums of its id.
-- Parameters: none.
-- Columns: key_id, spend_nanos of the key, spend_nanos of its days.
-- Index: primary key of spend_rollups.
SELECT k.key_id, k.spend_nanos, COALESCE(SUM(r.spend_nanos), 0)
FROM virtual_keys AS k
LEFT JOIN names AS n ON n.name = k.key_id
LEFT JOIN spend_rollups AS r ON r.dimension = 1 AND r.ref = n.id AND r.seconds = 86400
GROUP BY k.id
HAVING k.spend_nanos <> COALESCE(SUM(r.spend_nanos), 0)
LIMIT 1000
