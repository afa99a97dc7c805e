-- Changes a credential, all but its key and when it was made, if nobody else did meanwhile.
-- Parameters: 1 credential_id, 2 name, 3 provider, 4 origin, 5 auth_header_name, 6 auth_header_format,
--   7 description, 8 key_hint, 9 key_set_at, 10 created_at, 11 updated_at, 12 revision.
-- Index: primary key.
UPDATE credentials
SET
    name = ?2, provider = ?3, origin = ?4, auth_header_name = ?5, auth_header_format = ?6, description = ?7,
    key_hint = ?8, key_set_at = ?9, updated_at = ?11, revision = ?12
WHERE credential_id = ?1 AND revision = ?12 - 1
