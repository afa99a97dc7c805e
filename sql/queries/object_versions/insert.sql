-- Keeps what an object is from now on.
-- Parameters: 1 version_id, 2 kind, 3 object_id, 4 version, 5 written_at, 6 written_by, 7 object.
-- Index: none.
INSERT INTO object_versions
    (version_id, kind, object_id, version, written_at, written_by, object)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7)
