-- Budgets, and what it takes to find the calls that each of them counts.
-- Reason: who may spend how much is kept with the spend itself.

-- What may be spent by whom, in which time. Null amounts do not limit, a null duration never ends. scope and
-- reset are the names that the JSON has too, duration is a text like '30d'.
CREATE TABLE budgets (
    budget_id TEXT PRIMARY KEY CHECK (budget_id <> ''),
    scope TEXT NOT NULL CHECK (
        scope IN (
            'gateway', 'team', 'team_member', 'user', 'key', 'end_user', 'model', 'deployment', 'provider'
        )
    ),
    scope_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    max_budget_nanos BIGINT CHECK (max_budget_nanos >= 0),
    soft_budget_nanos BIGINT CHECK (soft_budget_nanos >= 0),
    duration TEXT CHECK (duration <> ''),
    reset TEXT NOT NULL CHECK (reset IN ('calendar', 'rolling')),
    time_zone TEXT NOT NULL CHECK (time_zone <> ''),
    increase_nanos BIGINT NOT NULL CHECK (increase_nanos >= 0),
    increase_ends_at BIGINT,
    CHECK ((scope = 'gateway') = (scope_id = '')),
    CHECK ((scope = 'team_member') = (member_id <> ''))
);

-- Counts every change of a budget by any process: gateways reload budgets when it moves.
CREATE TABLE budget_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO budget_version (id, version) VALUES (1, 0);

CREATE FUNCTION count_budget_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE budget_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER budgets_inserted AFTER INSERT ON budgets
FOR EACH STATEMENT EXECUTE FUNCTION count_budget_change();

CREATE TRIGGER budgets_deleted AFTER DELETE ON budgets
FOR EACH ROW EXECUTE FUNCTION count_budget_change();

CREATE TRIGGER budgets_updated AFTER UPDATE ON budgets
FOR EACH ROW EXECUTE FUNCTION count_budget_change();

-- End users are in no roll-up: there may be more of them than calls in an hour.
CREATE INDEX spend_events_by_end_user ON spend_events (end_user, started_at) WHERE end_user IS NOT NULL;

-- There may be a budget for each of thousands of users and teams. Models, deployments and providers are few,
-- and each has a good part of all rows, so an index of theirs would cost more than it saves.
CREATE INDEX spend_hourly_by_user ON spend_hourly (user_ref, hour) WHERE user_ref <> 0;

CREATE INDEX spend_hourly_by_team ON spend_hourly (team_ref, hour) WHERE team_ref <> 0;
