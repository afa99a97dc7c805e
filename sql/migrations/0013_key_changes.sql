-- Which keys changed last.
-- Reason: a gateway that has a hundred thousand keys in memory should read the one again that another process changed,
-- and not all.

-- The newest thousand changes of keys, each under the number that key_version had after it; the newest always stays. A
-- change that was made later has a higher number. stamp is by chance, and tells two histories apart that have the
-- same number, as those of a database and of its backup do: who finds the change that it saw last, with its stamp,
-- knows that it missed nothing but what follows; who does not find it reads all keys. key_id is empty where no
-- single key is meant.
CREATE TABLE key_changes (
    version INTEGER PRIMARY KEY,
    stamp INTEGER NOT NULL,
    key_id TEXT NOT NULL
) STRICT;

INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), '' FROM key_version;

CREATE TRIGGER key_changes_limited AFTER INSERT ON key_changes
BEGIN
    DELETE FROM key_changes WHERE version <= NEW.version - 1000;
END;

DROP TRIGGER virtual_keys_inserted;

CREATE TRIGGER virtual_keys_inserted AFTER INSERT ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), NEW.key_id FROM key_version;
END;

DROP TRIGGER virtual_keys_deleted;

CREATE TRIGGER virtual_keys_deleted AFTER DELETE ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), OLD.key_id FROM key_version;
END;

DROP TRIGGER virtual_keys_updated;

CREATE TRIGGER virtual_keys_updated AFTER UPDATE ON virtual_keys
BEGIN
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), NEW.key_id FROM key_version;
END;

CREATE TRIGGER virtual_keys_renamed AFTER UPDATE OF key_id ON virtual_keys WHEN OLD.key_id <> NEW.key_id
BEGIN
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), OLD.key_id FROM key_version;
END;

-- INSERT OR REPLACE and UPDATE OR REPLACE remove rows that are in the way without telling any trigger which, so then
-- all keys have to be read.
CREATE TRIGGER virtual_keys_inserted_over BEFORE INSERT ON virtual_keys
WHEN EXISTS (
    SELECT 1 FROM virtual_keys
    WHERE key_id = NEW.key_id OR mac = NEW.mac OR alias = NEW.alias OR id = NEW.id
)
BEGIN
    DELETE FROM key_changes;
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), '' FROM key_version;
END;

CREATE TRIGGER virtual_keys_updated_over BEFORE UPDATE OF id, key_id, mac, alias ON virtual_keys
WHEN EXISTS (
    SELECT 1 FROM virtual_keys
    WHERE (key_id = NEW.key_id OR mac = NEW.mac OR alias = NEW.alias OR id = NEW.id) AND id <> OLD.id
)
BEGIN
    DELETE FROM key_changes;
    UPDATE key_version SET version = version + 1;
    INSERT INTO key_changes (version, stamp, key_id) SELECT version, random(), '' FROM key_version;
END;
