-- Reads all mixes.
-- Parameters: none.
-- Columns: id, organization_ref, model_ref, deployment_ref, provider_ref, status.
-- Index: none; every row is wanted.
SELECT
    id, organization_ref, model_ref, deployment_ref, provider_ref, status
FROM spend_mixes
