-- Counts the deployments that are called with a credential.
-- Parameters: 1 credential_id.
-- Columns: how many there are.
-- Index: deployments_by_credential.
SELECT COUNT(*)
FROM deployments
WHERE credential_id = ?1
