-- Reads all of them; lists add conditions, an order and a limit, see store/list_statement.h.
-- Parameters: none; what lists add.
-- Columns: as alerts/select_delivery.
-- Index: that of the column which a list is sorted by.
SELECT
    delivery_id, alert_id, channel, state, event, created_at, due_at, attempts, error, ended_at
FROM alert_outbox
