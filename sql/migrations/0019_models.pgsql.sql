-- Deployments and credentials that admins keep in the database.
-- Reason: models are added and changed while the gateway runs, on all gateways at once, and provider keys belong to no file.

-- What providers know the organisation by. The secrets lie apart, so that nothing which reads a credential has them.
CREATE TABLE credentials (
    credential_id TEXT PRIMARY KEY CHECK (credential_id <> ''),
    name TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    origin TEXT NOT NULL,
    auth_header_name TEXT NOT NULL,
    auth_header_format TEXT NOT NULL,
    description TEXT NOT NULL,
    key_hint TEXT NOT NULL,
    key_set_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(credential_id || ' ' || name || ' ' || provider || ' ' || origin)) STORED
);

CREATE INDEX credentials_by_name ON credentials (name_key, credential_id);

CREATE INDEX credentials_by_creation ON credentials (created_at, credential_id);

-- Sealed for the credential and its origin, see secrets::Envelope.
CREATE TABLE credential_secrets (
    credential_id TEXT PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- One place where a model can be called. Those of the configuration file are here to be listed; they are called as the
-- file has them.
CREATE TABLE deployments (
    deployment_id TEXT PRIMARY KEY CHECK (deployment_id <> ''),
    model_name TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    api_base TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('disabled', 'draining', 'enabled')),
    weight BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    tags TEXT NOT NULL,
    timeout_ms BIGINT,
    stream_timeout_ms BIGINT,
    max_output_tokens BIGINT,
    mode TEXT NOT NULL,
    base_model TEXT NOT NULL,
    allow_unpriced BIGINT CHECK (allow_unpriced IN (0, 1)),
    prices TEXT NOT NULL,
    extra_headers TEXT NOT NULL,
    organization TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('file', 'database')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(model_name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(deployment_id || ' ' || model_name || ' ' || model || ' ' || provider || ' ' || description)) STORED
);

CREATE INDEX deployments_by_name ON deployments (name_key, deployment_id);

CREATE INDEX deployments_by_creation ON deployments (created_at, deployment_id);

CREATE INDEX deployments_by_model ON deployments (model_name, state);

CREATE INDEX deployments_by_credential ON deployments (credential_id) WHERE credential_id <> '';

-- The public models.
CREATE VIEW model_groups AS
SELECT
    model_name,
    COUNT(*) AS deployment_count,
    SUM(CASE WHEN state = 'enabled' AND weight > 0 THEN 1 ELSE 0 END) AS enabled_count
FROM deployments
GROUP BY model_name;

-- Counts every change by any process of what gateways keep in memory of these: they reload it when it moves.
CREATE TABLE model_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO model_version (id, version) VALUES (1, 0);

CREATE FUNCTION count_model_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE model_version SET version = version + 1;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER credentials_inserted AFTER INSERT ON credentials
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER credentials_deleted AFTER DELETE ON credentials
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER credentials_updated AFTER UPDATE ON credentials
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER credential_secrets_inserted AFTER INSERT ON credential_secrets
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER credential_secrets_deleted AFTER DELETE ON credential_secrets
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER credential_secrets_updated AFTER UPDATE ON credential_secrets
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER deployments_inserted AFTER INSERT ON deployments
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER deployments_deleted AFTER DELETE ON deployments
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE TRIGGER deployments_updated AFTER UPDATE ON deployments
FOR EACH STATEMENT EXECUTE FUNCTION count_model_change();

CREATE FUNCTION forget_what_credentials_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM credential_secrets WHERE credential_id = OLD.credential_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER credentials_had AFTER DELETE ON credentials
FOR EACH ROW EXECUTE FUNCTION forget_what_credentials_had();
