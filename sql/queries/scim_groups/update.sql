-- Changes a group of the directory, all but its id and when it was made, if nobody else did meanwhile.
-- Parameters: 1 group_id, 2 display_name, 3 name_key, 4 external_id, 5 created_at, 6 updated_at, 7 revision.
-- Index: primary key.
UPDATE scim_groups
SET
    display_name = ?2, name_key = ?3, external_id = ?4, updated_at = ?6, revision = ?7
WHERE group_id = ?1 AND revision = ?7 - 1
