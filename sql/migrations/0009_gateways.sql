-- How the gateways of one database know of one another.
-- Reason: the schema is that of PostgreSQL, where a change also notifies who listens. Here the table stays empty: a
-- file has one gateway.

CREATE TABLE gateways (
    journal_id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    lease_ms INTEGER CHECK (lease_ms > 0),
    open_calls INTEGER NOT NULL,
    backlog_bytes INTEGER NOT NULL
) STRICT;
