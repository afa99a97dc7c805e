-- The audit log.
-- Reason: who changed what is kept so that nobody who can write to the database can change it unnoticed.

-- A row for each event, in the order in which they were committed, without gaps. hash is SHA-256 over the hash of the
-- row before and all columns but mac; mac is HMAC-SHA-256 of the hash, by a key that is not in the database. Both are
-- hexadecimal. format says how the columns were hashed: 1, see gateway/store/audit_record.h. before_json and after_json
-- are JSON objects as they were hashed, or empty.
CREATE TABLE audit_events (
    format INTEGER NOT NULL,
    sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
    occurred_at INTEGER NOT NULL,
    config_version INTEGER NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind <> ''),
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    auth_method TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action <> ''),
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome <> ''),
    reason TEXT NOT NULL,
    request_id TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (LENGTH(hash) = 64),
    mac TEXT NOT NULL CHECK (LENGTH(mac) = 64)
) STRICT;

CREATE INDEX audit_events_by_actor ON audit_events (actor_id, sequence) WHERE actor_id <> '';

CREATE INDEX audit_events_by_target ON audit_events (target_kind, target_id, sequence) WHERE target_id <> '';

CREATE INDEX audit_events_by_action ON audit_events (action, sequence);

CREATE INDEX audit_events_by_organization ON audit_events (organization_id, sequence) WHERE organization_id <> '';

CREATE INDEX audit_events_by_team ON audit_events (team_id, sequence) WHERE team_id <> '';

CREATE INDEX audit_events_by_request ON audit_events (request_id, sequence) WHERE request_id <> '';

-- The newest event: its row is locked by whoever adds one, so that the chain cannot fork.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (LENGTH(hash) = 64)
) STRICT;

INSERT INTO audit_head (id, sequence, hash) VALUES
(1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- The newest event that is no longer kept: the chain begins behind it. mac proves that a gateway moved it.
CREATE TABLE audit_floor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL CHECK (LENGTH(hash) = 64),
    mac TEXT NOT NULL
) STRICT;

INSERT INTO audit_floor (id, sequence, hash, mac) VALUES
(1, 0, '0000000000000000000000000000000000000000000000000000000000000000', '');

CREATE TRIGGER audit_events_stay_as_they_are BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are kept as they are');
END;

CREATE TRIGGER audit_events_stay BEFORE DELETE ON audit_events
WHEN OLD.sequence > (SELECT sequence FROM audit_floor)
BEGIN
    SELECT RAISE(ABORT, 'audit events go from the oldest on, behind the floor');
END;

CREATE TRIGGER audit_floor_rises BEFORE UPDATE ON audit_floor
WHEN NEW.sequence <= OLD.sequence
    OR NOT EXISTS (SELECT 1 FROM audit_events WHERE sequence = NEW.sequence AND hash = NEW.hash)
BEGIN
    SELECT RAISE(ABORT, 'the floor of the audit log only rises, to an event that is there');
END;

CREATE TRIGGER audit_floor_stays BEFORE DELETE ON audit_floor
BEGIN
    SELECT RAISE(ABORT, 'the floor of the audit log only rises');
END;
