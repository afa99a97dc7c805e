-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as team_members/select.
-- Index: that of the column which a list is sorted by.
SELECT
    team_id, user_id, role, created_at
FROM team_members
