-- Reads the group of the directory with a name.
-- Parameters: 1 name_key.
-- Columns: all, as scim_groups/insert takes them.
-- Index: scim_groups_by_name.
SELECT
    g.group_id, g.display_name, g.name_key, g.external_id, g.created_at, g.updated_at, g.revision
FROM scim_groups AS g
WHERE g.name_key = ?1
