-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as service_accounts/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    service_account_id, team_id, name, description, metadata, blocked, block_reason, created_at, updated_at,
    revision, name_key
FROM service_accounts
