-- Puts a gateway on the roll. The clock is read once: it started when it was first seen.
-- Parameters: 1 id of its journal, 2 host, 3 version, 4 lease_ms, 5 open_calls, 6 backlog_bytes.
-- Index: primary key.
INSERT INTO gateways (journal_id, host, version, started_at, seen_at, lease_ms, open_calls, backlog_bytes)
SELECT ?1, ?2, ?3, clock.now_ms, clock.now_ms, ?4, ?5, ?6
FROM (SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms) AS clock
ON CONFLICT (journal_id) DO UPDATE
SET
    host = excluded.host,
    version = excluded.version,
    started_at = excluded.started_at,
    seen_at = excluded.seen_at,
    lease_ms = excluded.lease_ms,
    open_calls = excluded.open_calls,
    backlog_bytes = excluded.backlog_bytes
