-- Reads who is in a group of the directory.
-- Parameters: 1 group_id.
-- Columns: user_id, the name that people read.
-- Index: primary key.
SELECT
    m.user_id, u.name
FROM scim_group_members AS m
JOIN users AS u ON u.user_id = m.user_id
WHERE m.group_id = ?1
ORDER BY m.user_id
