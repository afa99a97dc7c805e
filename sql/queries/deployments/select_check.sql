-- Reads how a deployment did when it was tried last.
-- Parameters: 1 deployment_id.
-- Columns: all, as deployments/put_check takes them.
-- Index: primary key.
SELECT deployment_id, checked_at, ok, status, latency_ms, error
FROM deployment_checks
WHERE deployment_id = ?1
