-- How deployments did when somebody tried them.
-- Reason: who looks for what is wrong wants to know what a deployment said last, and when.
CREATE TABLE deployment_checks (
    deployment_id TEXT PRIMARY KEY,
    checked_at BIGINT NOT NULL,
    ok BIGINT NOT NULL CHECK (ok IN (0, 1)),
    status BIGINT NOT NULL,
    latency_ms BIGINT NOT NULL,
    error TEXT NOT NULL
);

CREATE FUNCTION forget_what_deployments_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM deployment_checks WHERE deployment_id = OLD.deployment_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER deployments_had AFTER DELETE ON deployments
FOR EACH ROW EXECUTE FUNCTION forget_what_deployments_had();
