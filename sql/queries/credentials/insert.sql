-- Adds a credential.
-- Parameters: 1 credential_id, 2 name, 3 provider, 4 origin, 5 auth_header_name, 6 auth_header_format,
--   7 description, 8 key_hint, 9 key_set_at, 10 created_at, 11 updated_at, 12 revision.
-- Index: none.
INSERT INTO credentials
    (credential_id, name, provider, origin, auth_header_name, auth_header_format, description, key_hint,
    key_set_at, created_at, updated_at, revision)
VALUES
    (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
