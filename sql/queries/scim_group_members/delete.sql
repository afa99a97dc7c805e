-- Takes a user out of a group of the directory.
-- Parameters: 1 group_id, 2 user_id.
-- Index: primary key.
DELETE FROM scim_group_members
WHERE group_id = ?1 AND user_id = ?2
