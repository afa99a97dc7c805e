-- What calls asked and were answered, where somebody wants it kept.
-- Reason: an organisation may want to read what went wrong; whether it does is a matter of it and of each of its keys.

-- Null: as its organisation and the gateway's settings say.
ALTER TABLE virtual_keys ADD COLUMN store_content INTEGER CHECK (store_content IN (0, 1));

-- Apart from the calls, which are many and short, and kept for longer. The content is redacted and then sealed. kek_id
-- names the key that it is sealed with, as in credential_secrets.
CREATE TABLE call_contents (
    call_id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    end_user TEXT,
    sealed BLOB NOT NULL,
    kek_id TEXT GENERATED ALWAYS AS (CASE WHEN substr(sealed, 1, 1) = x'01' THEN lower(hex(substr(sealed, 2, 4))) END) VIRTUAL
) STRICT;

CREATE INDEX call_contents_by_time ON call_contents (started_at);

CREATE INDEX call_contents_by_end_user ON call_contents (end_user) WHERE end_user IS NOT NULL;

CREATE INDEX call_contents_by_key ON call_contents (kek_id);

-- Nothing is sealed with a key that was taken away, by a gateway that has not heard of it yet.
CREATE TRIGGER call_contents_sealed AFTER INSERT ON call_contents
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER call_contents_resealed AFTER UPDATE OF sealed ON call_contents
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

-- No key is taken away that anything is sealed with.
CREATE TRIGGER sealing_keys_needed_by_contents BEFORE DELETE ON sealing_keys
WHEN EXISTS (SELECT 1 FROM call_contents AS c WHERE c.kek_id = OLD.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'something is sealed with the key');
END;
