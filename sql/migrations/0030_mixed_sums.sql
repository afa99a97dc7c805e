-- Sums of organisation, model, deployment, provider and status together, dimension 11 of spend_rollups, and of all
-- calls of a key, whose only slot is 0 seconds long.
-- Reason: what an organisation spent with each model was added up from a row for each of its keys, of which there may
--   be a hundred thousand; what a key spent was added up from a row for each of its days, wherever a key is shown.

-- What calls have in common that are added up together. Rows are only ever added.
CREATE TABLE spend_mixes (
    id INTEGER PRIMARY KEY,
    organization_ref INTEGER NOT NULL REFERENCES names (id),
    model_ref INTEGER NOT NULL REFERENCES names (id),
    deployment_ref INTEGER NOT NULL REFERENCES names (id),
    provider_ref INTEGER NOT NULL REFERENCES names (id),
    status INTEGER NOT NULL,
    UNIQUE (organization_ref, model_ref, deployment_ref, provider_ref, status)
) STRICT;

INSERT INTO spend_mixes (organization_ref, model_ref, deployment_ref, provider_ref, status)
SELECT DISTINCT organization_ref, model_ref, deployment_ref, provider_ref, status
FROM spend_hourly;

INSERT INTO spend_rollups
    (dimension, seconds, ref, slot,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos, failed_requests)
WITH grains (seconds, hours) AS (VALUES (3600, 1), (86400, 24))
SELECT
    11, g.seconds, m.id, h.hour / g.hours,
    SUM(h.requests), SUM(h.input_tokens), SUM(h.output_tokens), SUM(h.cache_read_tokens),
    SUM(h.cache_write_tokens), SUM(h.reasoning_tokens), SUM(h.audio_input_tokens), SUM(h.audio_output_tokens),
    SUM(h.images), SUM(h.latency_us), SUM(h.unreported_requests), SUM(h.unpriced_requests),
    MIN(SUM(h.spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(h.spend_nanos % 1000000000),
    SUM(CASE WHEN h.status >= 400 OR h.outcome = 2 THEN h.requests ELSE 0 END)
FROM spend_hourly AS h
INNER JOIN spend_mixes AS m
    ON
        m.organization_ref = h.organization_ref
        AND m.model_ref = h.model_ref
        AND m.deployment_ref = h.deployment_ref
        AND m.provider_ref = h.provider_ref
        AND m.status = h.status
CROSS JOIN grains AS g
GROUP BY g.seconds, m.id, h.hour / g.hours;

-- Days begin within those of UTC where people are: the hours of an organisation were found by reading all.
CREATE INDEX spend_hourly_by_organization ON spend_hourly (organization_ref, hour) WHERE organization_ref <> 0;

INSERT INTO spend_rollups
    (dimension, seconds, ref, slot,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos, failed_requests)
SELECT
    1, 0, ref, 0,
    SUM(requests), SUM(input_tokens), SUM(output_tokens), SUM(cache_read_tokens),
    SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_input_tokens), SUM(audio_output_tokens),
    SUM(images), SUM(latency_us), SUM(unreported_requests), SUM(unpriced_requests),
    MIN(SUM(spend_nanos / 1000000000), 9000000000) * 1000000000 + SUM(spend_nanos % 1000000000),
    SUM(failed_requests)
FROM spend_rollups
WHERE dimension = 1 AND seconds = 86400
GROUP BY ref;
