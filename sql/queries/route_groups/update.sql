-- Changes a route group, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 route_group_id, 2 name, 3 description, 4 strategy, 5 members, 6 fallbacks, 7 timeout_ms, 8 num_retries,
--   9 enabled, 10 created_at, 11 updated_at, 12 revision.
-- Index: primary key.
UPDATE route_groups
SET
    name = ?2, description = ?3, strategy = ?4, members = ?5, fallbacks = ?6, timeout_ms = ?7,
    num_retries = ?8, enabled = ?9, updated_at = ?11, revision = ?12
WHERE route_group_id = ?1 AND revision = ?12 - 1
