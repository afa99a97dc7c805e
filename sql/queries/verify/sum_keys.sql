-- Adds up what the keys that exist have spent, and what calls under other ids have: removed keys, the
-- master key, and nobody.
-- Parameters: none.
-- Columns: keys, spend_nanos of their calls, spend_nanos of other calls.
-- Index: unique index of key_id.
SELECT
    (SELECT COUNT(*) FROM virtual_keys),
    COALESCE(SUM(h.spend_nanos) FILTER (WHERE k.key_id IS NOT NULL), 0),
    COALESCE(SUM(h.spend_nanos) FILTER (WHERE k.key_id IS NULL), 0)
FROM spend_hourly AS h
INNER JOIN names AS n ON n.id = h.key_ref
LEFT JOIN virtual_keys AS k ON k.key_id = n.name
