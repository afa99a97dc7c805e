-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: all, as object_versions/insert takes them.
-- Index: object_versions_by_object.
SELECT
    version_id, kind, object_id, version, written_at, written_by, object
FROM object_versions
