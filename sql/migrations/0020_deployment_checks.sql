-- How deployments did when somebody tried them.
-- Reason: who looks for what is wrong wants to know what a deployment said last, and when.
CREATE TABLE deployment_checks (
    deployment_id TEXT PRIMARY KEY,
    checked_at INTEGER NOT NULL,
    ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
    status INTEGER NOT NULL,
    latency_ms INTEGER NOT NULL,
    error TEXT NOT NULL
) STRICT;

CREATE TRIGGER deployments_had AFTER DELETE ON deployments
BEGIN
    DELETE FROM deployment_checks WHERE deployment_id = OLD.deployment_id;
END;
