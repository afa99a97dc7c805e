-- How the gateways of one database know of one another.
-- Reason: a change by one should be seen by all within milliseconds; and what one holds that never comes back should
-- be somebody's again.

-- Each says every few seconds that it is here; a row goes when its gateway stops in order, or is forgotten. seen_at
-- is of the database's clock. lease_ms is for how long after that it uses what it holds; null: until it is told
-- otherwise, so that nobody may forget it without asking a person. The last two are what it knew by then of calls
-- that its journal has and this database lacks.
CREATE TABLE gateways (
    journal_id BIGINT PRIMARY KEY REFERENCES journals (id) ON DELETE CASCADE,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    lease_ms BIGINT CHECK (lease_ms > 0),
    open_calls BIGINT NOT NULL,
    backlog_bytes BIGINT NOT NULL
);

-- A transaction sends what it says so once, however many rows it changes. Nobody needs to hear it: the versions
-- stay what gateways go by.
CREATE OR REPLACE FUNCTION count_key_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE key_version SET version = version + 1;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION count_budget_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE budget_version SET version = version + 1;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION count_rate_limit_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rate_limit_version SET version = version + 1;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;
