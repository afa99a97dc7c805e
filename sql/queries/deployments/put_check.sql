-- Notes how a deployment did when it was tried, in the place of what was noted before.
-- Parameters: 1 deployment_id, 2 checked_at, 3 ok, 4 status, 5 latency_ms, 6 error.
-- Index: primary key.
INSERT INTO deployment_checks (deployment_id, checked_at, ok, status, latency_ms, error)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (deployment_id) DO UPDATE SET
    checked_at = excluded.checked_at, ok = excluded.ok, status = excluded.status,
    latency_ms = excluded.latency_ms, error = excluded.error
