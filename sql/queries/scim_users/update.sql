-- Changes what the directory says of a user.
-- Parameters: 1 user_id, 2 user_name, 3 name_key, 4 external_id, 5 attributes.
-- Index: primary key.
UPDATE scim_users
SET
    user_name = ?2, name_key = ?3, external_id = ?4, attributes = ?5
WHERE user_id = ?1
