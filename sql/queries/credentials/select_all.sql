-- Reads all credentials with their secrets.
-- Parameters: none.
-- Columns: all, as credentials/insert takes them; the sealed secret, NULL if there is none.
-- Index: none; the tables are read whole.
SELECT
    c.credential_id, c.name, c.provider, c.origin, c.auth_header_name, c.auth_header_format, c.description,
    c.key_hint, c.key_set_at, c.created_at, c.updated_at, c.revision, s.sealed
FROM credentials AS c
LEFT JOIN credential_secrets AS s ON s.credential_id = c.credential_id
