-- Compares the spend of every key with the roll-ups of its id.
-- Parameters: none.
-- Columns: key_id, spend_nanos of the key, spend_nanos of its roll-ups.
-- Index: spend_hourly_by_key.
SELECT k.key_id, k.spend_nanos, COALESCE(SUM(h.spend_nanos), 0) AS rolled_up
FROM virtual_keys AS k
LEFT JOIN names AS n ON n.name = k.key_id
LEFT JOIN spend_hourly AS h ON h.key_ref = n.id
GROUP BY k.id
HAVING k.spend_nanos <> rolled_up
LIMIT 1000
