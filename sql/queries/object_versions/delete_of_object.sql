-- Forgets what an object was.
-- Parameters: 1 kind, 2 object_id.
-- Index: object_versions_by_object.
DELETE FROM object_versions
WHERE kind = ?1 AND object_id = ?2
