-- With which key each sealed value is sealed.
-- Reason: keys are replaced, and one must not be taken away while anything needs it. What is sealed says itself which
-- key it needs: byte 1 is its format, bytes 2 to 5 name the key (see secrets::Envelope). Other formats need none here.

ALTER TABLE credential_secrets ADD COLUMN kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(sealed, 1, 1) = '\x01'::bytea THEN encode(substr(sealed, 2, 4), 'hex') END) STORED;

ALTER TABLE logins ADD COLUMN mfa_seed_kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(mfa_seed, 1, 1) = '\x01'::bytea THEN encode(substr(mfa_seed, 2, 4), 'hex') END) STORED;

ALTER TABLE logins ADD COLUMN mfa_pending_seed_kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(mfa_pending_seed, 1, 1) = '\x01'::bytea THEN encode(substr(mfa_pending_seed, 2, 4), 'hex') END) STORED;

ALTER TABLE idempotent_answers ADD COLUMN kek_id TEXT
GENERATED ALWAYS AS (CASE WHEN substr(answer, 1, 1) = '\x01'::bytea THEN encode(substr(answer, 2, 4), 'hex') END) STORED;

-- Nothing is sealed with a key that was taken away, by a gateway that has not heard of it yet, and no key is taken away
-- that anything is sealed with. What is there already is not looked at, so that one damaged value keeps no gateway from
-- starting.
ALTER TABLE credential_secrets ADD CONSTRAINT credential_secrets_sealed
FOREIGN KEY (kek_id) REFERENCES sealing_keys (kek_id) NOT VALID;

ALTER TABLE logins ADD CONSTRAINT logins_seed_sealed
FOREIGN KEY (mfa_seed_kek_id) REFERENCES sealing_keys (kek_id) NOT VALID;

ALTER TABLE logins ADD CONSTRAINT logins_pending_seed_sealed
FOREIGN KEY (mfa_pending_seed_kek_id) REFERENCES sealing_keys (kek_id) NOT VALID;

ALTER TABLE idempotent_answers ADD CONSTRAINT idempotent_answers_sealed
FOREIGN KEY (kek_id) REFERENCES sealing_keys (kek_id) NOT VALID;
