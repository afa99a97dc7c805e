-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as budgets/select_managed.
-- Index: that of the column which a list is sorted by.
SELECT
    budget_id, scope, scope_id, member_id, max_budget_nanos, soft_budget_nanos, duration, reset, time_zone,
    increase_nanos, increase_ends_at, last_reset_at, created_at, updated_at, revision
FROM budgets
