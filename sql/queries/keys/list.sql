-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as keys/select, and what names and ends are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    key_id, COALESCE(alias, '') AS name, description, hint, team_id, user_id, service_account_id,
    organization_id, models, allowed_routes, tags, metadata, expires_at, store_content, created_by, blocked,
    block_reason, created_at, CASE WHEN updated_at = 0 THEN created_at ELSE updated_at END AS changed_at, revision, name_key,
    expiry_key
FROM virtual_keys
