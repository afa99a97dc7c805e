-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as end_users/select, and what names are sorted by.
-- Index: that of the column which a list is sorted by.
SELECT
    end_user_id, name, metadata, blocked, block_reason, created_at, updated_at, revision, name_key
FROM end_users
