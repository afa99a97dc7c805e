-- Reads what an object was.
-- Parameters: 1 version_id.
-- Columns: all, as object_versions/insert takes them.
-- Index: primary key.
SELECT
    version_id, kind, object_id, version, written_at, written_by, object
FROM object_versions
WHERE version_id = ?1
