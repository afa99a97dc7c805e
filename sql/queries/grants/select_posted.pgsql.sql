-- Reads what calls cost that were posted between two positions of a journal, and whose they were, in the order of
-- their ids, a thousand at most. Written so that one plan serves all positions, which has to use the index: to make a
-- plan for each, over all months, would take longer than to read.
-- Parameters: 1 first id, 2 first id that does not count.
-- Columns: id, started_at, cost_nanos, key_ref, user_ref, team_ref, model_ref, deployment_ref, provider_ref,
--   organization_ref, end_user, tags.
-- Index: spend_events_by_id, already in order.
SELECT
    id, started_at, cost_nanos, key_ref, user_ref, team_ref, model_ref, deployment_ref, provider_ref,
    organization_ref, end_user, tags
FROM spend_events
WHERE id >= (SELECT CAST(?1 AS BIGINT)) AND id < (SELECT CAST(?2 AS BIGINT))
ORDER BY id
LIMIT 1000
