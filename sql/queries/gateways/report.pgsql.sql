-- Notes that a gateway is here, if it is on the roll.
-- Parameters: 1 id of its journal, 2 lease_ms, 3 open_calls, 4 backlog_bytes.
-- Index: primary key.
UPDATE gateways
SET
    seen_at = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
    lease_ms = ?2,
    open_calls = ?3,
    backlog_bytes = ?4
WHERE journal_id = ?1
