-- Indexes for what admins ask where there are a million keys, audit events and calls.
-- Reason: some filters and searches, and the dearest of a hundred thousand teams, were found by reading every row.

-- Rare values of the filters of the audit log, and times: where a range of these begins and ends in its order.
CREATE INDEX audit_events_by_outcome ON audit_events (outcome, sequence);

CREATE INDEX audit_events_by_actor_kind ON audit_events (actor_kind, sequence);

CREATE INDEX audit_events_by_target_kind ON audit_events (target_kind, sequence);

CREATE INDEX audit_events_by_time ON audit_events (occurred_at, sequence);

-- Three letters of a search find an event without reading the others.
CREATE VIRTUAL TABLE audit_words USING fts5 (words, tokenize = 'trigram', content = '', contentless_delete = 1);

INSERT INTO audit_words (rowid, words)
SELECT sequence, lower(actor_name || ' ' || action || ' ' || target_id || ' ' || target_name || ' ' || reason)
FROM audit_events;

CREATE TRIGGER audit_events_words_added AFTER INSERT ON audit_events
BEGIN
    INSERT INTO audit_words (rowid, words)
    VALUES (
        NEW.sequence,
        lower(NEW.actor_name || ' ' || NEW.action || ' ' || NEW.target_id || ' ' || NEW.target_name || ' ' || NEW.reason)
    );
END;

CREATE TRIGGER audit_events_words_removed AFTER DELETE ON audit_events
BEGIN
    DELETE FROM audit_words WHERE rowid = OLD.sequence;
END;

-- The keys, users and teams that spent most on a day: of the other dimensions there are few.
CREATE INDEX spend_rollups_by_spend ON spend_rollups (dimension, slot, spend_nanos, ref)
WHERE seconds = 86400 AND dimension IN (1, 2, 3);

-- The keys of an organisation, of which there may be a hundred thousand, in the orders in which they are shown.
DROP INDEX virtual_keys_by_organization;

CREATE INDEX virtual_keys_by_organization ON virtual_keys (organization_id, key_id) WHERE organization_id <> '';

CREATE INDEX virtual_keys_by_organization_and_name ON virtual_keys (organization_id, name_key, key_id)
WHERE organization_id <> '';

CREATE INDEX virtual_keys_by_organization_and_creation ON virtual_keys (organization_id, created_at, key_id)
WHERE organization_id <> '';
