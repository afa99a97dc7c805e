-- Adds a mix and gives it an id, unless another gateway has just done so.
-- Parameters: 1 organization_ref, 2 model_ref, 3 deployment_ref, 4 provider_ref, 5 status.
-- Columns: id.
INSERT INTO spend_mixes (organization_ref, model_ref, deployment_ref, provider_ref, status)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (organization_ref, model_ref, deployment_ref, provider_ref, status) DO NOTHING
RETURNING id
