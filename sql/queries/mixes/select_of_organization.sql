-- Reads the mixes of an organisation.
-- Parameters: 1 organization_ref.
-- Columns: id, organization_ref, model_ref, deployment_ref, provider_ref, status.
-- Index: unique index of the five.
SELECT
    id, organization_ref, model_ref, deployment_ref, provider_ref, status
FROM spend_mixes
WHERE organization_ref = ?1
