-- With which key each sealed value is sealed.
-- Reason: keys are replaced, and one must not be taken away while anything needs it. What is sealed says itself which
-- key it needs: byte 1 is its format, bytes 2 to 5 name the key (see secrets::Envelope). Other formats need none here.

ALTER TABLE credential_secrets ADD COLUMN kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(sealed, 1, 1) = x'01' THEN lower(hex(substr(sealed, 2, 4))) END) VIRTUAL;

ALTER TABLE logins ADD COLUMN mfa_seed_kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(mfa_seed, 1, 1) = x'01' THEN lower(hex(substr(mfa_seed, 2, 4))) END) VIRTUAL;

ALTER TABLE logins ADD COLUMN mfa_pending_seed_kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(mfa_pending_seed, 1, 1) = x'01' THEN lower(hex(substr(mfa_pending_seed, 2, 4))) END) VIRTUAL;

ALTER TABLE idempotent_answers ADD COLUMN kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(answer, 1, 1) = x'01' THEN lower(hex(substr(answer, 2, 4))) END) VIRTUAL;

-- Nothing is sealed with a key that was taken away, by a gateway that has not heard of it yet.
CREATE TRIGGER credential_secrets_sealed AFTER INSERT ON credential_secrets
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER credential_secrets_resealed AFTER UPDATE OF sealed ON credential_secrets
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER logins_sealed AFTER UPDATE OF mfa_pending_seed ON logins
WHEN NEW.mfa_pending_seed_kek_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.mfa_pending_seed_kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER logins_resealed AFTER UPDATE OF mfa_seed ON logins
WHEN NEW.mfa_seed_kek_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.mfa_seed_kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER idempotent_answers_sealed AFTER INSERT ON idempotent_answers
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

CREATE TRIGGER idempotent_answers_resealed AFTER UPDATE OF answer ON idempotent_answers
WHEN NEW.kek_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sealing_keys AS k WHERE k.kek_id = NEW.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'the sealing key is not one of sealing_keys');
END;

-- No key is taken away that anything is sealed with.
CREATE TRIGGER sealing_keys_needed BEFORE DELETE ON sealing_keys
WHEN EXISTS (SELECT 1 FROM credential_secrets AS s WHERE s.kek_id = OLD.kek_id)
    OR EXISTS (SELECT 1 FROM logins AS l WHERE l.mfa_seed_kek_id = OLD.kek_id)
    OR EXISTS (SELECT 1 FROM logins AS l WHERE l.mfa_pending_seed_kek_id = OLD.kek_id)
    OR EXISTS (SELECT 1 FROM idempotent_answers AS a WHERE a.kek_id = OLD.kek_id)
BEGIN
    SELECT RAISE(ABORT, 'something is sealed with the key');
END;
