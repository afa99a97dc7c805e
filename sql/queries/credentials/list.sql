-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as credentials/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    credential_id, name, provider, origin, auth_header_name, auth_header_format, description, key_hint,
    key_set_at, created_at, updated_at, revision, name_key
FROM credentials
