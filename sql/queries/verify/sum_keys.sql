-- Adds up what the keys that exist have spent, and what calls under other ids have: removed keys, the
-- master key, and nobody.
-- Parameters: none.
-- Columns: keys, their spend_nanos, spend_nanos of the other ids.
-- Index: unique index of key_id.
SELECT
    (SELECT COUNT(*) FROM virtual_keys),
    (SELECT COALESCE(SUM(spend_nanos), 0) FROM virtual_keys),
    (
        SELECT COALESCE(SUM(h.spend_nanos), 0)
        FROM spend_hourly AS h
        INNER JOIN names AS n ON n.id = h.key_ref
        WHERE NOT EXISTS (SELECT 1 FROM virtual_keys AS k WHERE k.key_id = n.name)
    )
