-- Sums of days for questions about several things at once, and how many calls failed.
-- Reason: a report of a team and a model had to add up the hours of three months, and one of all teams could not
-- say what failed.

-- Calls that ended with a status of 400 or more, or whose provider failed within the answer (outcome 2).
ALTER TABLE spend_rollups ADD COLUMN failed_requests BIGINT NOT NULL DEFAULT 0;

-- Written anew, in the order of time as they came: updates would leave as many dead rows, which reports would read too.
CREATE TEMPORARY TABLE spend_rollups_before ON COMMIT DROP AS SELECT * FROM spend_rollups;

TRUNCATE spend_rollups;

DROP INDEX spend_rollups_by_slot;

-- Of tags, calls that are no longer kept cannot be told apart any more; they count as not failed.
INSERT INTO spend_rollups
SELECT
    r.dimension, r.seconds, r.ref, r.slot, r.requests, r.input_tokens, r.output_tokens, r.cache_read_tokens,
    r.cache_write_tokens, r.reasoning_tokens, r.audio_input_tokens, r.audio_output_tokens, r.images, r.latency_us,
    r.unreported_requests, r.unpriced_requests, r.spend_nanos, COALESCE(failed.requests, 0)
FROM spend_rollups_before AS r
LEFT JOIN (
    WITH
    dimensions (dimension) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (9)),
    parts AS (
        SELECT
            d.dimension,
            h.hour,
            CASE d.dimension
                WHEN 0 THEN 0
                WHEN 1 THEN h.key_ref
                WHEN 2 THEN h.user_ref
                WHEN 3 THEN h.team_ref
                WHEN 4 THEN h.organization_ref
                WHEN 5 THEN h.model_ref
                WHEN 6 THEN h.deployment_ref
                WHEN 7 THEN h.provider_ref
                WHEN 9 THEN h.status
            END AS ref,
            h.requests
        FROM spend_hourly AS h
        CROSS JOIN dimensions AS d
        WHERE h.status >= 400 OR h.outcome = 2
        UNION ALL
        SELECT 8, t.started_at / 3600000, t.tag_ref, 1
        FROM spend_event_tags AS t
        INNER JOIN spend_events AS e ON e.id = t.event_id AND e.started_at = t.started_at
        WHERE e.status >= 400 OR e.outcome = 2
    ),
    grains (seconds, hours) AS (VALUES (3600, 1), (86400, 24))
    SELECT p.dimension, g.seconds, p.ref, p.hour / g.hours AS slot, SUM(p.requests) AS requests
    FROM parts AS p
    CROSS JOIN grains AS g
    GROUP BY p.dimension, g.seconds, p.ref, p.hour / g.hours
) AS failed
    ON
        failed.dimension = r.dimension
        AND failed.seconds = r.seconds
        AND failed.ref = r.ref
        AND failed.slot = r.slot
ORDER BY r.seconds, r.slot, r.dimension, r.ref;

CREATE INDEX spend_rollups_by_slot ON spend_rollups (dimension, seconds, slot);

-- Sums of spend_hourly by day (days since 1970 UTC).
CREATE TABLE spend_daily (
    day BIGINT NOT NULL,
    key_ref BIGINT NOT NULL,
    user_ref BIGINT NOT NULL,
    team_ref BIGINT NOT NULL,
    organization_ref BIGINT NOT NULL,
    model_ref BIGINT NOT NULL,
    deployment_ref BIGINT NOT NULL,
    provider_ref BIGINT NOT NULL,
    operation_ref BIGINT NOT NULL,
    outcome BIGINT NOT NULL,
    status BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    audio_input_tokens BIGINT NOT NULL,
    audio_output_tokens BIGINT NOT NULL,
    images BIGINT NOT NULL,
    latency_us BIGINT NOT NULL,
    unreported_requests BIGINT NOT NULL,
    unpriced_requests BIGINT NOT NULL,
    spend_nanos BIGINT NOT NULL,
    PRIMARY KEY (day, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref,
                 operation_ref, outcome, status)
);

INSERT INTO spend_daily
SELECT
    hour / 24, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref,
    operation_ref, outcome, status,
    SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens), SUM(cache_write_tokens),
    SUM(reasoning_tokens), SUM(audio_input_tokens), SUM(audio_output_tokens), SUM(images), SUM(latency_us),
    SUM(unreported_requests), SUM(unpriced_requests),
    LEAST(SUM(spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(spend_nanos % 1000000000)
FROM spend_hourly
GROUP BY
    hour / 24, key_ref, user_ref, team_ref, organization_ref, model_ref, deployment_ref, provider_ref,
    operation_ref, outcome, status;

CREATE INDEX spend_daily_by_key ON spend_daily (key_ref, day);

CREATE INDEX spend_daily_by_user ON spend_daily (user_ref, day) WHERE user_ref <> 0;

CREATE INDEX spend_daily_by_team ON spend_daily (team_ref, day) WHERE team_ref <> 0;

CREATE INDEX spend_daily_by_organization ON spend_daily (organization_ref, day) WHERE organization_ref <> 0;

CREATE INDEX spend_daily_by_model ON spend_daily (model_ref, day);

ANALYZE spend_rollups, spend_daily;
