-- Puts a gateway on the roll.
-- Parameters: 1 id of its journal, 2 host, 3 version, 4 lease_ms, 5 open_calls, 6 backlog_bytes.
-- Index: primary key.
INSERT INTO gateways (journal_id, host, version, started_at, seen_at, lease_ms, open_calls, backlog_bytes)
VALUES (
    ?1, ?2, ?3, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT),
    CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), ?4, ?5, ?6
)
ON CONFLICT (journal_id) DO UPDATE
SET
    host = excluded.host,
    version = excluded.version,
    started_at = excluded.started_at,
    seen_at = excluded.seen_at,
    lease_ms = excluded.lease_ms,
    open_calls = excluded.open_calls,
    backlog_bytes = excluded.backlog_bytes
