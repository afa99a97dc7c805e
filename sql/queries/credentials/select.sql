-- Reads a credential.
-- Parameters: 1 credential_id.
-- Columns: all, as credentials/insert takes them.
-- Index: primary key.
SELECT
    credential_id, name, provider, origin, auth_header_name, auth_header_format, description, key_hint,
    key_set_at, created_at, updated_at, revision
FROM credentials
WHERE credential_id = ?1
