-- Removes a group of the directory, and with it who is in it.
-- Parameters: 1 group_id.
-- Index: primary key.
DELETE FROM scim_groups
WHERE group_id = ?1
