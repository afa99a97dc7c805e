-- Says which of some deployments there are.
-- Parameters: 1 their deployment_ids, as the names of a JSON object.
-- Columns: deployment_id; 1, or 0 if there is none.
-- Index: primary key.
SELECT
    wanted.key,
    (
        SELECT COUNT(*)
        FROM deployments AS t
        WHERE t.deployment_id = wanted.key
    )
FROM json_each(?1) AS wanted
