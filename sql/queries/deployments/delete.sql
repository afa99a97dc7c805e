-- Removes a deployment.
-- Parameters: 1 deployment_id.
-- Index: primary key.
DELETE FROM deployments
WHERE deployment_id = ?1
