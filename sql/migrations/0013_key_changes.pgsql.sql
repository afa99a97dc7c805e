-- Which keys changed last.
-- Reason: a gateway that has a hundred thousand keys in memory should read the one again that another process changed,
-- and not all.

-- The newest thousand changes of keys, each under the number that key_version had after it; the newest always stays.
-- stamp is by chance, and tells two histories apart that have the same number, as those of a server and of a standby
-- that took over without its last transactions do: who finds the change that it saw last, with its stamp, knows that
-- it missed nothing but what follows; who does not find it reads all keys. key_id is empty where no single key is
-- meant.
CREATE TABLE key_changes (
    version BIGINT PRIMARY KEY,
    stamp BIGINT NOT NULL,
    key_id TEXT NOT NULL
);

-- Whoever changes keys holds the row of key_version from its first change to its commit. So changes become visible in
-- the order of their numbers: who sees one sees all before it. A statement that changes many keys is one round here,
-- because each further version of a row that one transaction makes costs more than the one before.
CREATE FUNCTION note_key_changes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    changed TEXT[];
    newest BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY(SELECT key_id FROM rows_after);
    ELSIF TG_OP = 'DELETE' THEN
        changed := ARRAY(SELECT key_id FROM rows_before);
    ELSIF TG_OP = 'UPDATE' THEN
        changed := ARRAY(
            SELECT key_id FROM (SELECT * FROM rows_after EXCEPT SELECT * FROM rows_before) AS fresh
            UNION
            SELECT key_id FROM (SELECT * FROM rows_before EXCEPT SELECT * FROM rows_after) AS old
        );
    ELSE
        DELETE FROM key_changes;
        changed := ARRAY[''];
    END IF;
    IF cardinality(changed) = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE key_version SET version = version + cardinality(changed) RETURNING version INTO newest;
    INSERT INTO key_changes (version, stamp, key_id)
    SELECT newest - cardinality(changed) + c.place, (random() * 9007199254740992)::BIGINT, c.key_id
    FROM unnest(changed) WITH ORDINALITY AS c (key_id, place)
    WHERE c.place > cardinality(changed) - 1000;
    DELETE FROM key_changes WHERE version <= newest - 1000;
    PERFORM pg_notify('deltallm_changes', '');
    RETURN NULL;
END
$$;

DROP TRIGGER virtual_keys_inserted ON virtual_keys;

DROP TRIGGER virtual_keys_deleted ON virtual_keys;

DROP TRIGGER virtual_keys_updated ON virtual_keys;

DROP FUNCTION count_key_change();

CREATE TRIGGER virtual_keys_inserted AFTER INSERT ON virtual_keys REFERENCING NEW TABLE AS rows_after
FOR EACH STATEMENT EXECUTE FUNCTION note_key_changes();

CREATE TRIGGER virtual_keys_deleted AFTER DELETE ON virtual_keys REFERENCING OLD TABLE AS rows_before
FOR EACH STATEMENT EXECUTE FUNCTION note_key_changes();

CREATE TRIGGER virtual_keys_updated AFTER UPDATE ON virtual_keys
REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
FOR EACH STATEMENT EXECUTE FUNCTION note_key_changes();

CREATE TRIGGER virtual_keys_truncated AFTER TRUNCATE ON virtual_keys
FOR EACH STATEMENT EXECUTE FUNCTION note_key_changes();

INSERT INTO key_changes (version, stamp, key_id)
SELECT version, (random() * 9007199254740992)::BIGINT, '' FROM key_version;
