-- Notes what the directory says of a user.
-- Parameters: 1 user_id, 2 user_name, 3 name_key, 4 external_id, 5 attributes.
-- Index: none.
INSERT INTO scim_users
    (user_id, user_name, name_key, external_id, attributes)
VALUES
    (?1, ?2, ?3, ?4, ?5)
