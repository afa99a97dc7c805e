-- Puts a user into a group of the directory, unless they are in it.
-- Parameters: 1 group_id, 2 user_id.
-- Index: primary key.
INSERT INTO scim_group_members
    (group_id, user_id)
VALUES
    (?1, ?2)
ON CONFLICT (group_id, user_id) DO NOTHING
