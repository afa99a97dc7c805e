-- Counts all of them; lists add conditions.
-- Parameters: none.
-- Columns: how many there are, whether that is an estimate.
-- Index: object_versions_by_object.
SELECT COUNT(*), 0
FROM object_versions
