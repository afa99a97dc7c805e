-- Indexes for what admins ask where there are a million keys, audit events and calls.
-- Reason: some filters and searches, and the dearest of a hundred thousand teams, were found by reading every row.

-- Rare values of the filters of the audit log, and times: where a range of these begins and ends in its order.
CREATE INDEX audit_events_by_outcome ON audit_events (outcome, sequence);

CREATE INDEX audit_events_by_actor_kind ON audit_events (actor_kind, sequence);

CREATE INDEX audit_events_by_target_kind ON audit_events (target_kind, sequence);

CREATE INDEX audit_events_by_time ON audit_events (occurred_at, sequence);

-- Three letters of a search find an event without reading the others, where pg_trgm can be had.
DO $$
BEGIN
    CREATE INDEX audit_events_by_words ON audit_events USING gin (
        lower(actor_name || ' ' || action || ' ' || target_id || ' ' || target_name || ' ' || reason) gin_trgm_ops
    );
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'searches do without pg_trgm: %', SQLERRM;
END
$$;

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
