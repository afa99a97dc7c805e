-- Reads groups of the directory in the order of their ids.
-- Parameters: 1 how many, 2 how many come before them.
-- Columns: all, as scim_groups/insert takes them.
-- Index: primary key.
SELECT
    g.group_id, g.display_name, g.name_key, g.external_id, g.created_at, g.updated_at, g.revision
FROM scim_groups AS g
ORDER BY g.group_id
LIMIT ?1 OFFSET ?2
