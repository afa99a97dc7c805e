-- Reads the group that the directory knows by an id of its own.
-- Parameters: 1 external_id.
-- Columns: all, as scim_groups/insert takes them.
-- Index: scim_groups_by_external_id.
SELECT
    g.group_id, g.display_name, g.name_key, g.external_id, g.created_at, g.updated_at, g.revision
FROM scim_groups AS g
WHERE g.external_id = ?1 AND g.external_id <> ''
