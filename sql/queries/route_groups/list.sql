-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as route_groups/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    route_group_id, name, description, strategy, members, fallbacks, timeout_ms, num_retries, enabled,
    created_at, updated_at, revision, name_key
FROM route_groups
