-- What calls asked and were answered, where somebody wants it kept.
-- Reason: an organisation may want to read what went wrong; whether it does is a matter of it and of each of its keys.

-- Null: as its organisation and the gateway's settings say.
ALTER TABLE virtual_keys ADD COLUMN store_content BIGINT CHECK (store_content IN (0, 1));

-- Apart from the calls, which are many and short, and kept for longer. The content is redacted and then sealed. kek_id
-- names the key that it is sealed with, as in credential_secrets.
CREATE TABLE call_contents (
    call_id BIGINT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    end_user TEXT,
    sealed BYTEA NOT NULL,
    kek_id TEXT GENERATED ALWAYS AS (CASE WHEN substr(sealed, 1, 1) = '\x01'::bytea THEN encode(substr(sealed, 2, 4), 'hex') END) STORED
        REFERENCES sealing_keys (kek_id)
);

-- It is encrypted, so there is nothing to compress.
ALTER TABLE call_contents ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE INDEX call_contents_by_time ON call_contents (started_at);

CREATE INDEX call_contents_by_end_user ON call_contents (end_user) WHERE end_user IS NOT NULL;

CREATE INDEX call_contents_by_key ON call_contents (kek_id);
