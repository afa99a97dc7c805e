-- When budgets were made and changed, and how often, and what they are found by; end users that are known, and
-- what was spent for them; and rules of alerts.
-- Reason: admins list budgets, search them, and do not overwrite what another admin just changed; they stop an end
-- user, whom the calls only named so far; and they say who is told of which budget while the gateway runs.

ALTER TABLE budgets ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE budgets ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;

ALTER TABLE budgets ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- Nobody noted when those were made that are there already: it was before now.
UPDATE budgets SET created_at = unixepoch() * 1000, updated_at = unixepoch() * 1000;

ALTER TABLE budgets ADD COLUMN words TEXT NOT NULL GENERATED ALWAYS AS (lower(budget_id || ' ' || scope_id || ' ' || member_id)) VIRTUAL;

CREATE INDEX budgets_by_creation ON budgets (created_at, budget_id);

-- Those whom the `user` of calls names, as far as an admin has something to say of them.
CREATE TABLE end_users (
    id INTEGER PRIMARY KEY,
    end_user_id TEXT NOT NULL UNIQUE CHECK (end_user_id <> ''),
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1)),
    block_reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(end_user_id || ' ' || name)) STORED
) STRICT;

CREATE INDEX end_users_by_name ON end_users (name_key, end_user_id);

CREATE INDEX end_users_by_creation ON end_users (created_at, end_user_id);

-- Gateways keep those in memory.
CREATE INDEX end_users_blocked ON end_users (end_user_id) WHERE blocked = 1;

CREATE TRIGGER end_users_inserted AFTER INSERT ON end_users WHEN NEW.blocked = 1
BEGIN
    UPDATE directory_version SET version = version + 1;
END;

CREATE TRIGGER end_users_deleted AFTER DELETE ON end_users WHEN OLD.blocked = 1
BEGIN
    UPDATE directory_version SET version = version + 1;
END;

CREATE TRIGGER end_users_updated AFTER UPDATE ON end_users WHEN OLD.blocked <> NEW.blocked
BEGIN
    UPDATE directory_version SET version = version + 1;
END;

-- Three letters of a search find a row without reading the others.
CREATE VIRTUAL TABLE end_user_words USING fts5 (words, tokenize = 'trigram', content = '', contentless_delete = 1);

CREATE TRIGGER end_users_words_added AFTER INSERT ON end_users
BEGIN
    INSERT INTO end_user_words (rowid, words) VALUES (NEW.id, NEW.words);
END;

CREATE TRIGGER end_users_words_changed AFTER UPDATE ON end_users WHEN OLD.words <> NEW.words
BEGIN
    UPDATE end_user_words SET words = NEW.words WHERE rowid = OLD.id;
END;

CREATE TRIGGER end_users_words_removed AFTER DELETE ON end_users
BEGIN
    DELETE FROM end_user_words WHERE rowid = OLD.id;
END;

-- Who is told of which budgets, and when, in the place of what the configuration file says. A scope that is NULL is that
-- of all budgets.
CREATE TABLE alert_rules (
    alert_rule_id TEXT PRIMARY KEY CHECK (alert_rule_id <> ''),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    scope TEXT,
    scope_ids TEXT NOT NULL,
    thresholds TEXT NOT NULL,
    soft_budget INTEGER NOT NULL CHECK (soft_budget IN (0, 1)),
    channels TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    name_key TEXT NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
    words TEXT NOT NULL GENERATED ALWAYS AS (lower(alert_rule_id || ' ' || name || ' ' || description)) STORED
) STRICT;

CREATE INDEX alert_rules_by_name ON alert_rules (name_key, alert_rule_id);

CREATE INDEX alert_rules_by_creation ON alert_rules (created_at, alert_rule_id);

-- What tells rows of a list apart.
ALTER TABLE alert_outbox ADD COLUMN delivery_id TEXT NOT NULL GENERATED ALWAYS AS (alert_id || '.' || channel) VIRTUAL;

CREATE INDEX alert_outbox_by_creation ON alert_outbox (created_at, delivery_id);

CREATE INDEX alert_outbox_by_delivery ON alert_outbox (delivery_id);

-- What was spent for end users: dimension 10. Their names stand apart from all others, so that they can be taken away.
INSERT INTO names (name)
SELECT DISTINCT '//end_user:' || end_user
FROM spend_events
WHERE end_user IS NOT NULL AND end_user <> '';

INSERT INTO spend_rollups
    (dimension, seconds, ref, slot,
    requests, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
    audio_input_tokens, audio_output_tokens, images, latency_us, unreported_requests, unpriced_requests,
    spend_nanos, failed_requests)
WITH grains (seconds) AS (VALUES (3600), (86400))
SELECT
    10, g.seconds, n.id, e.started_at / (g.seconds * 1000), COUNT(*), SUM(e.input_tokens), SUM(e.output_tokens),
    SUM(e.cache_read_tokens), SUM(e.cache_write_tokens), SUM(e.reasoning_tokens), SUM(e.audio_input_tokens),
    SUM(e.audio_output_tokens), SUM(e.images), SUM(e.latency_us),
    SUM(CASE WHEN e.usage_source = 1 THEN 0 ELSE 1 END), SUM(CASE WHEN e.is_priced = 0 THEN 1 ELSE 0 END),
    MIN(SUM(e.cost_nanos / 1000000000), 9000000000) * 1000000000 + SUM(e.cost_nanos % 1000000000),
    SUM(CASE WHEN e.status >= 400 OR e.outcome = 2 THEN 1 ELSE 0 END)
FROM spend_events AS e
INNER JOIN names AS n ON n.name = '//end_user:' || e.end_user
CROSS JOIN grains AS g
GROUP BY g.seconds, n.id, e.started_at / (g.seconds * 1000);
