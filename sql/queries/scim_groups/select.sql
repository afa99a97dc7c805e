-- Reads a group of the directory.
-- Parameters: 1 group_id.
-- Columns: all, as scim_groups/insert takes them.
-- Index: primary key.
SELECT
    g.group_id, g.display_name, g.name_key, g.external_id, g.created_at, g.updated_at, g.revision
FROM scim_groups AS g
WHERE g.group_id = ?1
