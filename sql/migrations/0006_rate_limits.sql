-- How often the calls of a scope may be made, and how many of them at once.
-- Reason: limits of users, teams, organizations, models and of all calls together.

-- Null: no limit. An empty model means calls to any. scope is the name that the JSON has too.
CREATE TABLE rate_limits (
    scope TEXT NOT NULL CHECK (
        scope IN (
            'gateway', 'organization', 'team', 'team_member', 'user', 'key', 'end_user', 'model'
        )
    ),
    scope_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    model TEXT NOT NULL,
    rpm_limit INTEGER CHECK (rpm_limit >= 0),
    rph_limit INTEGER CHECK (rph_limit >= 0),
    rpd_limit INTEGER CHECK (rpd_limit >= 0),
    tpm_limit INTEGER CHECK (tpm_limit >= 0),
    tph_limit INTEGER CHECK (tph_limit >= 0),
    tpd_limit INTEGER CHECK (tpd_limit >= 0),
    max_parallel_requests INTEGER CHECK (max_parallel_requests >= 0),
    PRIMARY KEY (scope, scope_id, member_id, model),
    CHECK ((scope = 'gateway') = (scope_id = '')),
    CHECK ((scope = 'team_member') = (member_id <> '')),
    CHECK (model = '' OR scope NOT IN ('gateway', 'model'))
) STRICT, WITHOUT ROWID;

-- Counts every change of a rate limit by any process: gateways reload them when it moves.
CREATE TABLE rate_limit_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO rate_limit_version (id, version) VALUES (1, 0);

CREATE TRIGGER rate_limits_inserted AFTER INSERT ON rate_limits
BEGIN
    UPDATE rate_limit_version SET version = version + 1;
END;

CREATE TRIGGER rate_limits_deleted AFTER DELETE ON rate_limits
BEGIN
    UPDATE rate_limit_version SET version = version + 1;
END;

CREATE TRIGGER rate_limits_updated AFTER UPDATE ON rate_limits
BEGIN
    UPDATE rate_limit_version SET version = version + 1;
END;
