-- What admins say of virtual keys, and the former texts of those that were rotated.
-- Reason: keys are described, searched, narrowed to routes, blocked with a reason, and get another text while programs
-- still use the one before.

ALTER TABLE virtual_keys ADD COLUMN description TEXT NOT NULL DEFAULT '';

ALTER TABLE virtual_keys ADD COLUMN allowed_routes TEXT NOT NULL DEFAULT '[]';

ALTER TABLE virtual_keys ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

ALTER TABLE virtual_keys ADD COLUMN created_by TEXT NOT NULL DEFAULT '';

ALTER TABLE virtual_keys ADD COLUMN block_reason TEXT NOT NULL DEFAULT '';

-- Zero: it is as it was made.
ALTER TABLE virtual_keys ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE virtual_keys ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE virtual_keys ADD COLUMN name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(COALESCE(alias, ''))) VIRTUAL;

ALTER TABLE virtual_keys ADD COLUMN expiry_key INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(expires_at, 9223372036854775807)) VIRTUAL;

ALTER TABLE virtual_keys ADD COLUMN words TEXT NOT NULL GENERATED ALWAYS AS (lower(key_id || ' ' || COALESCE(alias, '') || ' ' || description || ' ' || hint)) VIRTUAL;

CREATE INDEX virtual_keys_by_name ON virtual_keys (name_key, key_id);

CREATE INDEX virtual_keys_by_creation ON virtual_keys (created_at, key_id);

CREATE INDEX virtual_keys_by_expiry ON virtual_keys (expiry_key, key_id);

-- Former texts of keys. Each is good until it ends, with the limits, the budgets and the id of its key.
CREATE TABLE retired_secrets (
    mac BLOB PRIMARY KEY,
    key_id TEXT NOT NULL,
    hint TEXT NOT NULL,
    retired_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;

CREATE INDEX retired_secrets_by_key ON retired_secrets (key_id, ends_at);

-- Counts every change by any process of these, and of the texts that took their place.
CREATE TABLE retired_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO retired_version (id, version) VALUES (1, 0);

CREATE TRIGGER retired_secrets_inserted AFTER INSERT ON retired_secrets
BEGIN
    UPDATE retired_version SET version = version + 1;
END;

CREATE TRIGGER retired_secrets_deleted AFTER DELETE ON retired_secrets
BEGIN
    UPDATE retired_version SET version = version + 1;
END;

CREATE TRIGGER virtual_keys_rotated AFTER UPDATE OF mac ON virtual_keys
BEGIN
    UPDATE retired_version SET version = version + 1;
END;

CREATE TRIGGER virtual_keys_had AFTER DELETE ON virtual_keys
BEGIN
    DELETE FROM retired_secrets WHERE key_id = OLD.key_id;
END;

-- Three letters of a search find a row without reading the others.
CREATE VIRTUAL TABLE key_words USING fts5 (words, tokenize = 'trigram', content = '', contentless_delete = 1);

INSERT INTO key_words (rowid, words) SELECT id, words FROM virtual_keys;

CREATE TRIGGER virtual_keys_words_added AFTER INSERT ON virtual_keys
BEGIN
    INSERT INTO key_words (rowid, words) VALUES (NEW.id, NEW.words);
END;

CREATE TRIGGER virtual_keys_words_changed AFTER UPDATE ON virtual_keys WHEN OLD.words <> NEW.words
BEGIN
    UPDATE key_words SET words = NEW.words WHERE rowid = OLD.id;
END;

CREATE TRIGGER virtual_keys_words_removed AFTER DELETE ON virtual_keys
BEGIN
    DELETE FROM key_words WHERE rowid = OLD.id;
END;
