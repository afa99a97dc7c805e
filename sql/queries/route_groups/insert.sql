-- Adds a route group.
-- Parameters: 1 route_group_id, 2 name, 3 description, 4 strategy, 5 members, 6 fallbacks, 7 timeout_ms, 8 num_retries,
--   9 enabled, 10 created_at, 11 updated_at, 12 revision.
-- Index: none.
INSERT INTO route_groups
    (route_group_id, name, description, strategy, members, fallbacks, timeout_ms, num_retries, enabled,
    created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
