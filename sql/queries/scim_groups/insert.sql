-- Adds a group of the directory.
-- Parameters: 1 group_id, 2 display_name, 3 name_key, 4 external_id, 5 created_at, 6 updated_at, 7 revision.
-- Index: none.
INSERT INTO scim_groups
    (group_id, display_name, name_key, external_id, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7)
