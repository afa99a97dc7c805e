-- Organisations and tags of keys and calls, and sums of one dimension each.
-- Reason: spend is grouped and limited by organisation and tag too, and a report must not read a row for each
-- combination of key, model and whatever else when it only wants the teams.

ALTER TABLE virtual_keys ADD COLUMN organization_id TEXT NOT NULL DEFAULT '';

-- A JSON array of texts, as models is.
ALTER TABLE virtual_keys ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';

DROP TRIGGER virtual_keys_updated;

-- All columns but the spend, which moves with every call.
CREATE TRIGGER virtual_keys_updated
AFTER UPDATE OF
    key_id, mac, alias, hint, user_id, team_id, models, expires_at, blocked, rpm_limit, rph_limit, rpd_limit,
    tpm_limit, tph_limit, tpd_limit, max_parallel_requests, organization_id, tags
ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
END;

ALTER TABLE spend_events ADD COLUMN organization_ref INTEGER NOT NULL DEFAULT 0;

-- With a line break between each; null: none.
ALTER TABLE spend_events ADD COLUMN tags TEXT;

CREATE INDEX spend_events_by_organization
ON spend_events (organization_ref, started_at) WHERE organization_ref <> 0;

-- Which calls carry a tag.
CREATE TABLE spend_event_tags (
    tag_ref INTEGER NOT NULL REFERENCES names (id),
    started_at INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    PRIMARY KEY (tag_ref, started_at, event_id)
) STRICT, WITHOUT ROWID;

DROP VIEW spend_log;

CREATE VIEW spend_log AS
SELECT
    e.*,
    operation.name AS operation,
    key.name AS key_id,
    user.name AS user_id,
    team.name AS team_id,
    organization.name AS organization_id,
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
LEFT JOIN names AS organization ON organization.id = e.organization_ref
LEFT JOIN names AS model ON model.id = e.model_ref
LEFT JOIN names AS deployment ON deployment.id = e.deployment_ref
LEFT JOIN names AS provider ON provider.id = e.provider_ref
LEFT JOIN names AS upstream_model ON upstream_model.id = e.upstream_model_ref;

ALTER TABLE spend_hourly RENAME TO spend_hourly_before;

DROP INDEX spend_hourly_by_key;

DROP INDEX spend_hourly_by_user;

DROP INDEX spend_hourly_by_team;

-- Sums of the events of one hour (hours since 1970 UTC, by the start of the call) that agree in all
-- else but their tags. For questions about several things at once, e.g. one key and one model.
CREATE TABLE spend_hourly (
    hour INTEGER NOT NULL,
    key_ref INTEGER NOT NULL REFERENCES names (id),
    user_ref INTEGER NOT NULL REFERENCES names (id),
    team_ref INTEGER NOT NULL REFERENCES names (id),
    organization_ref INTEGER NOT NULL REFERENCES names (id),
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
    PRIMARY KEY (hour, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref,
                 operation_ref, outcome, status)
) STRICT, WITHOUT ROWID;

INSERT INTO spend_hourly
SELECT
    hour, key_ref, user_ref, team_ref, 0, model_ref, deployment_ref, provider_ref, operation_ref, outcome, status,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos
FROM spend_hourly_before;

DROP TABLE spend_hourly_before;

CREATE INDEX spend_hourly_by_key ON spend_hourly (key_ref, hour);

CREATE INDEX spend_hourly_by_user ON spend_hourly (user_ref, hour) WHERE user_ref <> 0;

-- Sums of one dimension each: 0 all calls, 1 key, 2 user, 3 team, 4 organisation, 5 model, 6 deployment,
-- 7 provider, 8 tag, 9 HTTP status. ref is the id of a name, the status itself, or 0 for all calls. There is no
-- row for calls that have no such name, and one for each tag of a call that has several. seconds is 3600 or
-- 86400, and slot counts such hours or days since 1970 UTC. Every report of one dimension reads these.
CREATE TABLE spend_rollups (
    dimension INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    slot INTEGER NOT NULL,
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
    PRIMARY KEY (dimension, seconds, ref, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX spend_rollups_by_slot ON spend_rollups (dimension, seconds, slot);

-- What was spent before has no organisations and no tags.
INSERT INTO spend_rollups
WITH
dimensions (dimension) AS (VALUES (0), (1), (2), (3), (5), (6), (7), (9)),
grains (seconds, hours) AS (VALUES (3600, 1), (86400, 24)),
parts AS (
    SELECT
        d.dimension,
        g.seconds,
        h.hour / g.hours AS slot,
        CASE d.dimension
            WHEN 0 THEN 0
            WHEN 1 THEN h.key_ref
            WHEN 2 THEN h.user_ref
            WHEN 3 THEN h.team_ref
            WHEN 5 THEN h.model_ref
            WHEN 6 THEN h.deployment_ref
            WHEN 7 THEN h.provider_ref
            WHEN 9 THEN h.status
        END AS ref,
        h.*
    FROM spend_hourly AS h
    CROSS JOIN dimensions AS d
    CROSS JOIN grains AS g
)
SELECT
    dimension, seconds, ref, slot, SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens),
    SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_input_tokens), SUM(audio_output_tokens),
    SUM(images), SUM(latency_us), SUM(unreported_requests), SUM(unpriced_requests),
    MIN(SUM(spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(spend_nanos % 1000000000)
FROM parts
WHERE dimension IN (0, 9) OR ref <> 0
GROUP BY dimension, seconds, ref, slot;

-- Calls that began before this time, in milliseconds, are no longer there; their sums are.
CREATE TABLE spend_retention (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    events_from INTEGER NOT NULL
) STRICT;

INSERT INTO spend_retention (id, events_from) VALUES (1, 0);

ALTER TABLE budgets RENAME TO budgets_before;

-- What may be spent by whom, in which time. Null amounts do not limit, a null duration never ends. scope and
-- reset are the names that the JSON has too, duration is a text like '30d'.
CREATE TABLE budgets (
    budget_id TEXT PRIMARY KEY CHECK (budget_id <> ''),
    scope TEXT NOT NULL CHECK (
        scope IN (
            'gateway', 'team', 'team_member', 'user', 'key', 'end_user', 'model', 'deployment', 'provider',
            'organization', 'tag'
        )
    ),
    scope_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    max_budget_nanos INTEGER CHECK (max_budget_nanos >= 0),
    soft_budget_nanos INTEGER CHECK (soft_budget_nanos >= 0),
    duration TEXT CHECK (duration <> ''),
    reset TEXT NOT NULL CHECK (reset IN ('calendar', 'rolling')),
    time_zone TEXT NOT NULL CHECK (time_zone <> ''),
    increase_nanos INTEGER NOT NULL CHECK (increase_nanos >= 0),
    increase_ends_at INTEGER,
    CHECK ((scope = 'gateway') = (scope_id = '')),
    CHECK ((scope = 'team_member') = (member_id <> ''))
) STRICT, WITHOUT ROWID;

INSERT INTO budgets SELECT * FROM budgets_before;

DROP TABLE budgets_before;

CREATE TRIGGER budgets_inserted AFTER INSERT ON budgets
BEGIN
    UPDATE budget_version SET version = version + 1;
END;

CREATE TRIGGER budgets_deleted AFTER DELETE ON budgets
BEGIN
    UPDATE budget_version SET version = version + 1;
END;

CREATE TRIGGER budgets_updated AFTER UPDATE ON budgets
BEGIN
    UPDATE budget_version SET version = version + 1;
END;
