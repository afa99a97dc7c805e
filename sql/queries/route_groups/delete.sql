-- Removes a route group.
-- Parameters: 1 route_group_id.
-- Index: primary key.
DELETE FROM route_groups
WHERE route_group_id = ?1
