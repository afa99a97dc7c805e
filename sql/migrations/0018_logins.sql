-- How people log in: passwords, second factors, sessions, and links that are sent to them.
-- Reason: the gateway is administered by people, not only with the master key.

-- What lets a user log in. An empty password_hash: no password does. Seeds are sealed; without mfa_enabled_at the
-- second factor is not asked for. mfa_last_step is the newest step whose code was taken, so that none is taken twice.
CREATE TABLE logins (
    user_id TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    password_at INTEGER NOT NULL,
    last_login_at INTEGER,
    mfa_seed BLOB,
    mfa_pending_seed BLOB,
    mfa_enabled_at INTEGER,
    mfa_last_step INTEGER NOT NULL,
    CHECK (mfa_enabled_at IS NULL OR mfa_seed IS NOT NULL)
) STRICT;

-- Stand in for the second factor, each once. mac is the HMAC-SHA-256 of the code.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL,
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    used_at INTEGER,
    PRIMARY KEY (user_id, mac)
) STRICT;

-- The token of a session is nowhere: mac is its HMAC-SHA-256. A session counts only with the role that its user had
-- when it began. Those that ended stay for a while: from where somebody came before.
CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY,
    mac BLOB NOT NULL UNIQUE CHECK (length(mac) = 32),
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,
    ended_at INTEGER,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id, ip);

CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

-- What the links of invitations and resets of a password hold, each good once. mac is its HMAC-SHA-256.
CREATE TABLE login_tokens (
    mac BLOB PRIMARY KEY CHECK (length(mac) = 32),
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    user_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX login_tokens_by_user ON login_tokens (user_id, purpose);

CREATE INDEX login_tokens_by_expiry ON login_tokens (expires_at);

-- Who a user is for somebody else who lets them log in. A subject means something with its issuer only.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

CREATE INDEX identities_by_user ON identities (user_id);

-- Another user may get the id of one who is gone, and must not get their login with it.
CREATE TRIGGER users_deleted_logins AFTER DELETE ON users
BEGIN
    DELETE FROM logins WHERE user_id = old.user_id;
    DELETE FROM recovery_codes WHERE user_id = old.user_id;
    DELETE FROM sessions WHERE user_id = old.user_id;
    DELETE FROM login_tokens WHERE user_id = old.user_id;
    DELETE FROM identities WHERE user_id = old.user_id;
END;
