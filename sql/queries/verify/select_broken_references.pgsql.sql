-- Finds rows that refer to a name that is not there.
-- Parameters: none.
-- Columns: table, number of such references.
-- Index: primary key of names.
SELECT r.relation, COUNT(*)
FROM (
    SELECT 'spend_events' AS relation, v.ref
    FROM spend_events AS e
    CROSS JOIN LATERAL (
        VALUES
        (e.operation_ref), (e.key_ref), (e.user_ref), (e.team_ref), (e.organization_ref), (e.model_ref),
        (e.deployment_ref), (e.provider_ref), (e.upstream_model_ref)
    ) AS v (ref)
    UNION ALL
    SELECT 'spend_hourly', v.ref
    FROM spend_hourly AS h
    CROSS JOIN LATERAL (
        VALUES
        (h.operation_ref), (h.key_ref), (h.user_ref), (h.team_ref), (h.organization_ref), (h.model_ref),
        (h.deployment_ref), (h.provider_ref)
    ) AS v (ref)
    UNION ALL
    SELECT 'spend_daily', v.ref
    FROM spend_daily AS d
    CROSS JOIN LATERAL (
        VALUES
        (d.operation_ref), (d.key_ref), (d.user_ref), (d.team_ref), (d.organization_ref), (d.model_ref),
        (d.deployment_ref), (d.provider_ref)
    ) AS v (ref)
    UNION ALL
    SELECT 'spend_mixes', v.ref
    FROM spend_mixes AS m
    CROSS JOIN LATERAL (
        VALUES
        (m.organization_ref), (m.model_ref), (m.deployment_ref), (m.provider_ref)
    ) AS v (ref)
    UNION ALL
    SELECT 'spend_event_tags', tag_ref
    FROM spend_event_tags
) AS r
WHERE NOT EXISTS (SELECT 1 FROM names AS n WHERE n.id = r.ref)
GROUP BY r.relation
