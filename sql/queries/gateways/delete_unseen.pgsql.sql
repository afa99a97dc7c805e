-- Takes a gateway off the roll that was not seen for so long.
-- Parameters: 1 id of its journal, 2 milliseconds.
-- Index: primary key.
DELETE FROM gateways
WHERE journal_id = ?1 AND seen_at <= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - CAST(?2 AS BIGINT)
