-- Compares the sums of each dimension with the hourly sums, those of tags and end users with the calls that have them,
-- and those of days, and of all time, with those of hours.
-- Parameters: none.
-- Columns: dimension, seconds, slot, ref; requests and spend_nanos as they should be; the same as they are.
--   Null on one side: there is no such row.
-- Index: none; every row is wanted.
WITH
dimensions (dimension) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (9), (11)),
parts AS (
    SELECT
        d.dimension,
        h.hour AS slot,
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
            WHEN 11 THEN COALESCE((
                SELECT m.id
                FROM spend_mixes AS m
                WHERE
                    (m.organization_ref, m.model_ref, m.deployment_ref, m.provider_ref, m.status)
                    = (h.organization_ref, h.model_ref, h.deployment_ref, h.provider_ref, h.status)
            ), -1)
        END AS ref,
        h.requests, h.input_tokens, h.output_tokens, h.spend_nanos,
        CASE WHEN h.status >= 400 OR h.outcome = 2 THEN h.requests ELSE 0 END AS failed_requests
    FROM spend_hourly AS h
    CROSS JOIN dimensions AS d
    UNION ALL
    SELECT
        8, t.started_at / 3600000, t.tag_ref, 1, e.input_tokens, e.output_tokens, e.cost_nanos,
        CASE WHEN e.status >= 400 OR e.outcome = 2 THEN 1 ELSE 0 END
    FROM spend_event_tags AS t
    INNER JOIN spend_events AS e ON e.id = t.event_id AND e.started_at = t.started_at
    WHERE t.started_at >= (SELECT events_from FROM spend_retention WHERE id = 1)
    UNION ALL
    SELECT
        10, e.started_at / 3600000, COALESCE(n.id, -1), 1, e.input_tokens, e.output_tokens, e.cost_nanos,
        CASE WHEN e.status >= 400 OR e.outcome = 2 THEN 1 ELSE 0 END
    FROM spend_events AS e
    LEFT JOIN names AS n ON n.name = '//end_user:' || e.end_user
    WHERE
        e.end_user IS NOT NULL AND e.started_at >= (SELECT events_from FROM spend_retention WHERE id = 1)
    UNION ALL
    SELECT dimension, slot, ref, requests, input_tokens, output_tokens, spend_nanos, failed_requests
    FROM spend_rollups
    WHERE
        dimension IN (8, 10) AND seconds = 3600
        AND slot < (SELECT events_from / 3600000 FROM spend_retention WHERE id = 1)
),
hours AS (
    SELECT
        dimension, slot, ref, SUM(requests) AS requests, SUM(input_tokens) AS input_tokens,
        SUM(output_tokens) AS output_tokens, SUM(spend_nanos) AS spend_nanos, SUM(failed_requests) AS failed_requests
    FROM parts
    WHERE dimension IN (0, 9) OR ref <> 0
    GROUP BY dimension, ref, slot
),
expected AS (
    SELECT
        dimension, 3600 AS seconds, slot, ref, requests, input_tokens, output_tokens, spend_nanos, failed_requests
    FROM hours
    UNION ALL
    SELECT
        dimension, 86400, slot / 24, ref, SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(spend_nanos),
        SUM(failed_requests)
    FROM hours
    GROUP BY dimension, ref, slot / 24
    UNION ALL
    SELECT
        dimension, 0, 0, ref, SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(spend_nanos),
        SUM(failed_requests)
    FROM hours
    WHERE dimension = 1
    GROUP BY dimension, ref
)
SELECT
    COALESCE(e.dimension, r.dimension), COALESCE(e.seconds, r.seconds), COALESCE(e.slot, r.slot),
    COALESCE(e.ref, r.ref), e.requests, e.spend_nanos, r.requests, r.spend_nanos
FROM expected AS e
FULL JOIN spend_rollups AS r
    ON r.dimension = e.dimension AND r.seconds = e.seconds AND r.slot = e.slot AND r.ref = e.ref
WHERE
    e.requests IS DISTINCT FROM r.requests
    OR e.input_tokens IS DISTINCT FROM r.input_tokens
    OR e.output_tokens IS DISTINCT FROM r.output_tokens
    OR e.spend_nanos IS DISTINCT FROM r.spend_nanos
    OR e.failed_requests IS DISTINCT FROM r.failed_requests
LIMIT 1000
