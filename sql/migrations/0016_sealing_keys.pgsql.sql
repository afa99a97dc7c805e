-- Which keys seal the secrets of this database.
-- Reason: a gateway that lacks one of them could not read what others sealed, so it must not start. The keys
-- themselves lie outside; here is only the beginning of their SHA-256.

-- A row for each key that ever sealed, in the order in which they came. That a number is taken only once lets one
-- of several first gateways win.
CREATE TABLE sealing_keys (
    number BIGINT PRIMARY KEY CHECK (number > 0),
    kek_id TEXT NOT NULL UNIQUE CHECK (kek_id <> ''),
    since_at BIGINT NOT NULL
);
