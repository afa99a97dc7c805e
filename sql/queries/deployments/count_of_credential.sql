-- Counts the deployments that are called with each of some credentials.
-- Parameters: 1 their credential_ids, as the names of a JSON object.
-- Columns: credential_id, how many.
-- Index: deployments_by_credential.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM deployments AS t
        WHERE t.credential_id = wanted.key
    )
FROM json_each(?1) AS wanted
