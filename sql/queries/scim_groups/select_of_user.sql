-- Reads in which groups of the directory a user is.
-- Parameters: 1 user_id.
-- Columns: all, as scim_groups/insert takes them.
-- Index: scim_group_members_by_user.
SELECT
    g.group_id, g.display_name, g.name_key, g.external_id, g.created_at, g.updated_at, g.revision
FROM scim_groups AS g
JOIN scim_group_members AS m ON m.group_id = g.group_id
WHERE m.user_id = ?1
ORDER BY g.group_id
