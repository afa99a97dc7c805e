-- Reads a route group.
-- Parameters: 1 route_group_id.
-- Columns: all, as route_groups/insert takes them.
-- Index: primary key.
SELECT
    route_group_id, name, description, strategy, members, fallbacks, timeout_ms, num_retries, enabled,
    created_at, updated_at, revision
FROM route_groups
WHERE route_group_id = ?1
