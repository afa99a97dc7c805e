-- Adds a sealing key behind those that are there, unless it is one of them or another gateway has just added one.
-- Parameters: 1 kek_id, 2 since_at.
-- Index: primary key, for the greatest number.
INSERT INTO sealing_keys (number, kek_id, since_at)
SELECT COALESCE(MAX(number), 0) + 1, ?1, CAST(?2 AS BIGINT)
FROM sealing_keys
WHERE TRUE
ON CONFLICT DO NOTHING
