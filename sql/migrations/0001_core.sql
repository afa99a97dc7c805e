-- Virtual keys, the spend ledger with its roll-up, and how far the journal is applied.
-- Reason: the first release.

CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    applied_at INTEGER NOT NULL
) STRICT;

-- Texts that many calls share, so that an event is a row of small integers. Id 0 is the empty text.
-- A name stays when the key or deployment that had it is gone.
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO names (id, name) VALUES (0, '');

-- The secret of a key is nowhere: mac is the HMAC-SHA-256 of its text.
CREATE TABLE virtual_keys (
    id INTEGER PRIMARY KEY,
    key_id TEXT NOT NULL UNIQUE,
    mac BLOB NOT NULL UNIQUE CHECK (length(mac) = 32),
    alias TEXT UNIQUE,
    hint TEXT NOT NULL,
    user_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    models TEXT NOT NULL,
    expires_at INTEGER,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
    created_at INTEGER NOT NULL,
    spend_nanos INTEGER NOT NULL
) STRICT;

-- Counts every change of a key by any process, but not its spend: gateways reload keys when it moves.
CREATE TABLE key_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO key_version (id, version) VALUES (1, 0);

CREATE TRIGGER virtual_keys_inserted AFTER INSERT ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
END;

CREATE TRIGGER virtual_keys_deleted AFTER DELETE ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
END;

CREATE TRIGGER virtual_keys_updated
AFTER UPDATE OF key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
END;

-- One row per settled call. The id is the journal offset of the settlement, which makes posting it
-- twice impossible. outcome and usage_source are the numbers that the view spend_log spells out.
CREATE TABLE spend_events (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    client_request_id TEXT,
    operation_ref INTEGER NOT NULL REFERENCES names (id),
    key_ref INTEGER NOT NULL REFERENCES names (id),
    user_ref INTEGER NOT NULL REFERENCES names (id),
    team_ref INTEGER NOT NULL REFERENCES names (id),
    model_ref INTEGER NOT NULL REFERENCES names (id),
    deployment_ref INTEGER NOT NULL REFERENCES names (id),
    provider_ref INTEGER NOT NULL REFERENCES names (id),
    upstream_model_ref INTEGER NOT NULL REFERENCES names (id),
    end_user TEXT,
    started_at INTEGER NOT NULL,
    latency_us INTEGER NOT NULL,
    first_byte_us INTEGER,
    upstream_us INTEGER,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    audio_input_tokens INTEGER NOT NULL,
    audio_output_tokens INTEGER NOT NULL,
    images INTEGER NOT NULL,
    usage_source INTEGER NOT NULL,
    cost_nanos INTEGER NOT NULL,
    is_priced INTEGER NOT NULL,
    is_stream INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    status INTEGER NOT NULL,
    error_code TEXT
) STRICT;

CREATE INDEX spend_events_by_time ON spend_events (started_at);

CREATE INDEX spend_events_by_key ON spend_events (key_ref, started_at);

CREATE INDEX spend_events_by_user ON spend_events (user_ref, started_at) WHERE user_ref <> 0;

CREATE INDEX spend_events_by_team ON spend_events (team_ref, started_at) WHERE team_ref <> 0;

CREATE INDEX spend_events_by_model ON spend_events (model_ref, started_at);

-- Sums of the events of one hour (hours since 1970 UTC, by the start of the call) that agree in all
-- else. Every report but the log itself reads these.
CREATE TABLE spend_hourly (
    hour INTEGER NOT NULL,
    key_ref INTEGER NOT NULL REFERENCES names (id),
    user_ref INTEGER NOT NULL REFERENCES names (id),
    team_ref INTEGER NOT NULL REFERENCES names (id),
    model_ref INTEGER NOT NULL REFERENCES names (id),
    deployment_ref INTEGER NOT NULL REFERENCES names (id),
    provider_ref INTEGER NOT NULL REFERENCES names (id),
    operation_ref INTEGER NOT NULL REFERENCES names (id),
    outcome INTEGER NOT NULL,
    status INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    audio_input_tokens INTEGER NOT NULL,
    audio_output_tokens INTEGER NOT NULL,
    images INTEGER NOT NULL,
    latency_us INTEGER NOT NULL,
    unreported_requests INTEGER NOT NULL,
    unpriced_requests INTEGER NOT NULL,
    spend_nanos INTEGER NOT NULL,
    PRIMARY KEY (hour, key_ref, user_ref, team_ref, model_ref, deployment_ref, provider_ref, operation_ref,
                 outcome, status)
) STRICT, WITHOUT ROWID;

CREATE INDEX spend_hourly_by_key ON spend_hourly (key_ref, hour);

-- How far the journal is in this database; moved in the transaction that posts the entries.
CREATE TABLE journal_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    applied INTEGER NOT NULL,
    retain INTEGER NOT NULL
) STRICT;

INSERT INTO journal_state (id, applied, retain) VALUES (1, 0, 0);

-- The events with their names, for reports and for people.
CREATE VIEW spend_log AS
SELECT
    e.*,
    operation.name AS operation,
    key.name AS key_id,
    user.name AS user_id,
    team.name AS team_id,
    model.name AS model,
    deployment.name AS deployment_id,
    provider.name AS provider,
    upstream_model.name AS upstream_model,
    CASE e.outcome
        WHEN 0 THEN 'succeeded'
        WHEN 1 THEN 'rejected'
        WHEN 2 THEN 'failed'
        WHEN 3 THEN 'client_closed'
        WHEN 4 THEN 'recovered'
    END AS outcome_name,
    CASE e.usage_source
        WHEN 0 THEN 'none'
        WHEN 1 THEN 'reported'
        WHEN 2 THEN 'estimated'
        WHEN 3 THEN 'recovered'
    END AS usage_source_name
FROM spend_events AS e
LEFT JOIN names AS operation ON operation.id = e.operation_ref
LEFT JOIN names AS key ON key.id = e.key_ref
LEFT JOIN names AS user ON user.id = e.user_ref
LEFT JOIN names AS team ON team.id = e.team_ref
LEFT JOIN names AS model ON model.id = e.model_ref
LEFT JOIN names AS deployment ON deployment.id = e.deployment_ref
LEFT JOIN names AS provider ON provider.id = e.provider_ref
LEFT JOIN names AS upstream_model ON upstream_model.id = e.upstream_model_ref;
