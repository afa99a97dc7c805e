-- Who a directory provisions by SCIM (RFC 7643), and its groups.
-- Reason: an identity provider makes, changes and stops users by itself, and is told what it said of them.

-- What the directory calls a user, and what it says of them beyond what users have. name_key is user_name in the case
-- in which two are the same. An external_id of '' is not known.
CREATE TABLE scim_users (
    user_id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL CHECK (user_name <> ''),
    name_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    attributes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX scim_users_by_name ON scim_users (name_key);

CREATE UNIQUE INDEX scim_users_by_external_id ON scim_users (external_id) WHERE external_id <> '';

-- Groups of the directory. What they mean here is the configuration's to say.
CREATE TABLE scim_groups (
    group_id TEXT PRIMARY KEY CHECK (group_id <> ''),
    display_name TEXT NOT NULL CHECK (display_name <> ''),
    name_key TEXT NOT NULL,
    external_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX scim_groups_by_name ON scim_groups (name_key);

CREATE UNIQUE INDEX scim_groups_by_external_id ON scim_groups (external_id) WHERE external_id <> '';

CREATE TABLE scim_group_members (
    group_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX scim_group_members_by_user ON scim_group_members (user_id, group_id);

CREATE TRIGGER users_deleted_scim AFTER DELETE ON users
BEGIN
    DELETE FROM scim_users WHERE user_id = OLD.user_id;
END;

CREATE TRIGGER scim_users_deleted AFTER DELETE ON scim_users
BEGIN
    DELETE FROM scim_group_members WHERE user_id = OLD.user_id;
END;

CREATE TRIGGER scim_groups_deleted AFTER DELETE ON scim_groups
BEGIN
    DELETE FROM scim_group_members WHERE group_id = OLD.group_id;
END;

-- A session that nobody used while its user was blocked must not come back with them.
CREATE TRIGGER users_blocked_sessions AFTER UPDATE OF blocked ON users WHEN NEW.blocked = 1 AND OLD.blocked = 0
BEGIN
    UPDATE sessions SET ended_at = NEW.updated_at WHERE user_id = NEW.user_id AND ended_at IS NULL;
END;

-- Who the last admin is, is asked before one is stopped.
CREATE INDEX users_active_admins ON users (user_id) WHERE role = 'platform_admin' AND blocked = 0;
