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
    rpm_limit BIGINT CHECK (rpm_limit >= 0),
    rph_limit BIGINT CHECK (rph_limit >= 0),
    rpd_limit BIGINT CHECK (rpd_limit >= 0),
    tpm_limit BIGINT CHECK (tpm_limit >= 0),
    tph_limit BIGINT CHECK (tph_limit >= 0),
    tpd_limit BIGINT CHECK (tpd_limit >= 0),
    max_parallel_requests BIGINT CHECK (max_parallel_requests >= 0),
    PRIMARY KEY (scope, scope_id, member_id, model),
    CHECK ((scope = 'gateway') = (scope_id = '')),
    CHECK ((scope = 'team_member') = (member_id <> '')),
    CHECK (model = '' OR scope NOT IN ('gateway', 'model'))
);

-- Counts every change of a rate limit by any process: gateways reload them when it moves.
CREATE TABLE rate_limit_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO rate_limit_version (id, version) VALUES (1, 0);

CREATE FUNCTION count_rate_limit_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rate_limit_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER rate_limits_inserted AFTER INSERT ON rate_limits
FOR EACH STATEMENT EXECUTE FUNCTION count_rate_limit_change();

CREATE TRIGGER rate_limits_deleted AFTER DELETE ON rate_limits
FOR EACH STATEMENT EXECUTE FUNCTION count_rate_limit_change();

CREATE TRIGGER rate_limits_updated AFTER UPDATE ON rate_limits
FOR EACH STATEMENT EXECUTE FUNCTION count_rate_limit_change();
