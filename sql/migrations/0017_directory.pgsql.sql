-- Organisations, teams, users and service accounts, which were only names in keys and calls so far.
-- Reason: whoever runs the gateway wants to say what belongs to whom, who may do what, and stop somebody.

-- Customers or departments that own teams.
CREATE TABLE organizations (
    organization_id TEXT PRIMARY KEY CHECK (organization_id <> ''),
    name TEXT NOT NULL,
    models TEXT NOT NULL,
    store_content BIGINT CHECK (store_content IN (0, 1)),
    metadata TEXT NOT NULL,
    blocked BIGINT NOT NULL CHECK (blocked IN (0, 1)),
    block_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(organization_id || ' ' || name)) STORED
);

CREATE INDEX organizations_by_name ON organizations (name_key, organization_id);

CREATE INDEX organizations_by_creation ON organizations (created_at, organization_id);

-- People and services that share keys. An organization_id of '' is that of none.
CREATE TABLE teams (
    team_id TEXT PRIMARY KEY CHECK (team_id <> ''),
    name TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    models TEXT NOT NULL,
    metadata TEXT NOT NULL,
    blocked BIGINT NOT NULL CHECK (blocked IN (0, 1)),
    block_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(team_id || ' ' || name)) STORED
);

CREATE INDEX teams_by_name ON teams (name_key, team_id);

CREATE INDEX teams_by_creation ON teams (created_at, team_id);

CREATE INDEX teams_by_organization ON teams (organization_id, team_id);

-- People. An email of '' is not known; others are in lower case, and no two users have the same.
CREATE TABLE users (
    user_id TEXT PRIMARY KEY CHECK (user_id <> ''),
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('none', 'platform_admin', 'platform_viewer')),
    models TEXT NOT NULL,
    metadata TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('local', 'sso', 'scim')),
    blocked BIGINT NOT NULL CHECK (blocked IN (0, 1)),
    block_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(user_id || ' ' || email || ' ' || name)) STORED
);

CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email <> '';

CREATE INDEX users_by_name ON users (name_key, user_id);

CREATE INDEX users_by_creation ON users (created_at, user_id);

-- Programs that own keys of a team.
CREATE TABLE service_accounts (
    service_account_id TEXT PRIMARY KEY CHECK (service_account_id <> ''),
    team_id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata TEXT NOT NULL,
    blocked BIGINT NOT NULL CHECK (blocked IN (0, 1)),
    block_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(service_account_id || ' ' || name || ' ' || description)) STORED
);

CREATE UNIQUE INDEX service_accounts_by_team ON service_accounts (team_id, name);

CREATE INDEX service_accounts_by_name ON service_accounts (name_key, service_account_id);

CREATE INDEX service_accounts_by_creation ON service_accounts (created_at, service_account_id);

-- Users' places in teams.
CREATE TABLE team_members (
    team_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('team_viewer', 'team_member', 'team_admin')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE INDEX team_members_by_user ON team_members (user_id, team_id);

-- Users' places in organisations.
CREATE TABLE organization_members (
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('org_viewer', 'org_admin', 'org_owner')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

CREATE INDEX organization_members_by_user ON organization_members (user_id, organization_id);

-- Three letters of a search find a row without reading the others. The extension comes with PostgreSQL and needs no
-- superuser; where it cannot be had all the same, searches are slower and as right.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX organizations_by_words ON organizations USING gin (words gin_trgm_ops);
    CREATE INDEX teams_by_words ON teams USING gin (words gin_trgm_ops);
    CREATE INDEX users_by_words ON users USING gin (words gin_trgm_ops);
    CREATE INDEX service_accounts_by_words ON service_accounts USING gin (words gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'searches do without pg_trgm: %', SQLERRM;
END
$$;

-- Counts every change by any process of what gateways keep in memory of these: they reload it when it moves.
CREATE TABLE directory_version (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);

INSERT INTO directory_version (id, version) VALUES (1, 0);

CREATE FUNCTION count_directory_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER organizations_inserted AFTER INSERT ON organizations
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER organizations_deleted AFTER DELETE ON organizations
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER organizations_updated AFTER UPDATE ON organizations
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER teams_inserted AFTER INSERT ON teams
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER teams_deleted AFTER DELETE ON teams
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER teams_updated AFTER UPDATE ON teams
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER users_inserted AFTER INSERT ON users
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER users_deleted AFTER DELETE ON users
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER users_updated AFTER UPDATE ON users
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER service_accounts_inserted AFTER INSERT ON service_accounts
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER service_accounts_deleted AFTER DELETE ON service_accounts
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE TRIGGER service_accounts_updated AFTER UPDATE ON service_accounts
FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

CREATE FUNCTION forget_what_teams_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM team_members WHERE team_id = OLD.team_id;
    DELETE FROM service_accounts WHERE team_id = OLD.team_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER teams_had AFTER DELETE ON teams
FOR EACH ROW EXECUTE FUNCTION forget_what_teams_had();

CREATE FUNCTION forget_what_users_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM team_members WHERE user_id = OLD.user_id;
    DELETE FROM organization_members WHERE user_id = OLD.user_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER users_had AFTER DELETE ON users
FOR EACH ROW EXECUTE FUNCTION forget_what_users_had();

CREATE FUNCTION forget_what_organizations_had() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM organization_members WHERE organization_id = OLD.organization_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER organizations_had AFTER DELETE ON organizations
FOR EACH ROW EXECUTE FUNCTION forget_what_organizations_had();

-- Whose budgets and keys are these?
CREATE INDEX budgets_by_scope ON budgets (scope, scope_id);

ALTER TABLE virtual_keys ADD COLUMN service_account_id TEXT NOT NULL DEFAULT '';

CREATE INDEX virtual_keys_by_service_account ON virtual_keys (service_account_id) WHERE service_account_id <> '';

CREATE INDEX virtual_keys_by_team ON virtual_keys (team_id) WHERE team_id <> '';

CREATE INDEX virtual_keys_by_user ON virtual_keys (user_id) WHERE user_id <> '';

CREATE INDEX virtual_keys_by_organization ON virtual_keys (organization_id) WHERE organization_id <> '';

-- Answers to requests with an Idempotency-Key, for a day: who repeats one, because the answer was lost, gets the
-- same again. The answer is sealed, for it may hold a key that is shown once.
CREATE TABLE idempotent_answers (
    scope TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key_hash)
);

CREATE INDEX idempotent_answers_by_creation ON idempotent_answers (created_at);

-- Those that keys name already. Nothing else is known of them.
INSERT INTO organizations
    (organization_id, name, models, metadata, blocked, block_reason, created_at, updated_at, revision)
SELECT DISTINCT organization_id, organization_id, '[]', '{}', 0, '', (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, 1
FROM virtual_keys
WHERE organization_id <> '';

INSERT INTO teams
    (team_id, name, organization_id, models, metadata, blocked, block_reason, created_at, updated_at, revision)
SELECT
    team_id, team_id,
    CASE WHEN MIN(organization_id) = MAX(organization_id) THEN MIN(organization_id) ELSE '' END,
    '[]', '{}', 0, '', (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, 1
FROM virtual_keys
WHERE team_id <> ''
GROUP BY team_id;

INSERT INTO users
    (user_id, email, name, role, models, metadata, origin, blocked, block_reason, created_at, updated_at, revision)
SELECT DISTINCT user_id, '', user_id, 'none', '[]', '{}', 'local', 0, '', (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, (EXTRACT(EPOCH FROM now()) * 1000)::BIGINT, 1
FROM virtual_keys
WHERE user_id <> '';
