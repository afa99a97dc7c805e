-- Reads what became of an alert in a channel.
-- Parameters: 1 delivery_id.
-- Columns: those of AlertOutcome.
-- Index: alert_outbox_by_delivery.
SELECT
    delivery_id, alert_id, channel, state, event, created_at, due_at, attempts, error, ended_at
FROM alert_outbox
WHERE delivery_id = ?1
