-- Reads what an object is.
-- Parameters: 1 kind, 2 object_id.
-- Columns: all, as object_versions/insert takes them.
-- Index: object_versions_by_object, its last row of the object.
SELECT
    version_id, kind, object_id, version, written_at, written_by, object
FROM object_versions
WHERE kind = ?1 AND object_id = ?2
ORDER BY version_id DESC
LIMIT 1
