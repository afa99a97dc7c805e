-- How people log in: passwords, second factors, sessions, and links that are sent to them.
-- Reason: the gateway is administered by people, not only with the master key.

-- What lets a user log in. An empty password_hash: no password does. Seeds are sealed; without mfa_enabled_at the
-- second factor is not asked for. mfa_last_step is the newest step whose code was taken, so that none is taken twice.
CREATE TABLE logins (
    user_id TEXT PRIMARY KEY,
    password_hash TEXT NOT NULL,
    must_change BIGINT NOT NULL CHECK (must_change IN (0, 1)),
    password_at BIGINT NOT NULL,
    last_login_at BIGINT,
    mfa_seed BYTEA,
    mfa_pending_seed BYTEA,
    mfa_enabled_at BIGINT,
    mfa_last_step BIGINT NOT NULL,
    CHECK (mfa_enabled_at IS NULL OR mfa_seed IS NOT NULL)
);

-- Stand in for the second factor, each once. mac is the HMAC-SHA-256 of the code.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL,
    mac BYTEA NOT NULL CHECK (length(mac) = 32),
    used_at BIGINT,
    PRIMARY KEY (user_id, mac)
);

-- The token of a session is nowhere: mac is its HMAC-SHA-256. A session counts only with the role that its user had
-- when it began. Those that ended stay for a while: from where somebody came before.
CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY,
    mac BYTEA NOT NULL UNIQUE CHECK (length(mac) = 32),
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    ended_at BIGINT,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id, ip);

CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);

-- What the links of invitations and resets of a password hold, each good once. mac is its HMAC-SHA-256.
CREATE TABLE login_tokens (
    mac BYTEA PRIMARY KEY CHECK (length(mac) = 32),
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    user_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX login_tokens_by_user ON login_tokens (user_id, purpose);

CREATE INDEX login_tokens_by_expiry ON login_tokens (expires_at);

-- Who a user is for somebody else who lets them log in. A subject means something with its issuer only.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_by_user ON identities (user_id);

-- Another user may get the id of one who is gone, and must not get their login with it.
CREATE FUNCTION forget_login() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM logins WHERE user_id = OLD.user_id;
    DELETE FROM recovery_codes WHERE user_id = OLD.user_id;
    DELETE FROM sessions WHERE user_id = OLD.user_id;
    DELETE FROM login_tokens WHERE user_id = OLD.user_id;
    DELETE FROM identities WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER users_deleted_logins AFTER DELETE ON users
FOR EACH ROW EXECUTE FUNCTION forget_login();
