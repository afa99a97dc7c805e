-- Finds the id of a mix.
-- Parameters: 1 organization_ref, 2 model_ref, 3 deployment_ref, 4 provider_ref, 5 status.
-- Columns: id.
-- Index: unique index of the five.
SELECT id
FROM spend_mixes
WHERE organization_ref = ?1 AND model_ref = ?2 AND deployment_ref = ?3 AND provider_ref = ?4 AND status = ?5
