-- Guardrails and groups of routes that admins keep in the database, and all that they ever were.
-- Reason: what guards and routes calls is changed while the gateway runs, and has to be put back when it was wrong.

CREATE TABLE guardrails (
    guardrail_id TEXT PRIMARY KEY CHECK (guardrail_id <> ''),
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    type TEXT NOT NULL,
    stage TEXT NOT NULL,
    action TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    entities TEXT NOT NULL,
    on_error TEXT NOT NULL,
    position INTEGER NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    scope TEXT NOT NULL,
    scope_ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(guardrail_id || ' ' || name || ' ' || description)) STORED
) STRICT;

CREATE INDEX guardrails_by_name ON guardrails (name_key, guardrail_id);

CREATE INDEX guardrails_by_position ON guardrails (position, guardrail_id);

-- Deployments that are called under one name as their strategy says.
CREATE TABLE route_groups (
    route_group_id TEXT PRIMARY KEY CHECK (route_group_id <> ''),
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    strategy TEXT NOT NULL,
    members TEXT NOT NULL,
    fallbacks TEXT NOT NULL,
    timeout_ms INTEGER,
    num_retries INTEGER,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(route_group_id || ' ' || name || ' ' || description)) STORED
) STRICT;

CREATE INDEX route_groups_by_name ON route_groups (name_key, route_group_id);

CREATE INDEX route_groups_by_creation ON route_groups (created_at, route_group_id);

-- What objects of such kinds were, as JSON, at each revision.
CREATE TABLE object_versions (
    version_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    written_by TEXT NOT NULL,
    object TEXT NOT NULL
) STRICT;

CREATE INDEX object_versions_by_object ON object_versions (kind, object_id, version_id);
