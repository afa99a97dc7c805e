-- Reads how some deployments did when they were tried last.
-- Parameters: 1 their deployment_ids, as the names of a JSON object.
-- Columns: all, as deployments/put_check takes them.
-- Index: primary key.
SELECT c.deployment_id, c.checked_at, c.ok, c.status, c.latency_ms, c.error
FROM json_each(?1) AS wanted
CROSS JOIN deployment_checks AS c
WHERE c.deployment_id = wanted.key
