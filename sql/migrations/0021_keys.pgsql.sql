-- What admins say of virtual keys, and the former texts of those that were rotated.
-- Reason: keys are described, searched, narrowed to routes, blocked with a reason, and get another text while programs
-- still use the one before.

ALTER TABLE virtual_keys ADD COLUMN description TEXT NOT NULL DEFAULT '';

ALTER TABLE virtual_keys ADD COLUMN allowed_routes TEXT NOT NULL DEFAULT '[]';

ALTER TABLE virtual_keys ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

ALTER TABLE virtual_keys ADD COLUMN created_by TEXT NOT NULL DEFAULT '';

ALTER TABLE virtual_keys ADD COLUMN block_reason TEXT NOT NULL DEFAULT '';

-- Zero: it is as it was made.
ALTER TABLE virtual_keys ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE virtual_keys ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

ALTER TABLE virtual_keys ADD COLUMN name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(COALESCE(alias, ''))) STORED;

ALTER TABLE virtual_keys ADD COLUMN expiry_key BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(expires_at, 9223372036854775807)) STORED;

ALTER TABLE virtual_keys ADD COLUMN words TEXT NOT NULL GENERATED ALWAYS AS (lower(key_id || ' ' || COALESCE(alias, '') || ' ' || description || ' ' || hint)) STORED;

CREATE INDEX virtual_keys_by_name ON virtual_keys (name_key, key_id);

CREATE INDEX virtual_keys_by_creation ON virtual_keys (created_at, key_id);

CREATE INDEX virtual_keys_by_expiry ON virtual_keys (expiry_key, key_id);

-- Former texts of keys. Each is good until it ends, with the limits, the budgets and the id of its key.
CREATE TABLE retired_secrets (
    mac BYTEA PRIMARY KEY,
    key_id TEXT NOT NULL,
    hint TEXT NOT NULL,
    retired_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);

CREATE INDEX retired_secrets_by_key ON retired_secrets (key_id, ends_at);

-- Counts every change by any process of these, and of the texts that took their place.
CREATE TABLE retired_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO retired_version (id, version) VALUES (1, 0);

CREATE FUNCTION count_retired_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE retired_version SET version = version + 1;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;

CREATE TRIGGER retired_secrets_inserted AFTER INSERT ON retired_secrets
FOR EACH STATEMENT EXECUTE FUNCTION count_retired_change();

CREATE TRIGGER retired_secrets_deleted AFTER DELETE ON retired_secrets
FOR EACH STATEMENT EXECUTE FUNCTION count_retired_change();

CREATE TRIGGER virtual_keys_rotated AFTER UPDATE OF mac ON virtual_keys
FOR EACH STATEMENT EXECUTE FUNCTION count_retired_change();

CREATE FUNCTION forget_what_keys_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM retired_secrets WHERE key_id = OLD.key_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER virtual_keys_had AFTER DELETE ON virtual_keys
FOR EACH ROW EXECUTE FUNCTION forget_what_keys_had();

-- Three letters of a search find a row without reading the others, where pg_trgm can be had.
DO $$
BEGIN
    CREATE INDEX virtual_keys_by_words ON virtual_keys USING gin (words gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'searches do without pg_trgm: %', SQLERRM;
END
$$;
