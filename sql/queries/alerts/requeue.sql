-- Has an alert that was given up sent again, as if it were queued now.
-- Parameters: 1 delivery_id, 2 now in milliseconds.
-- Index: alert_outbox_by_delivery.
UPDATE alert_outbox
SET state = 'queued', created_at = ?2, due_at = ?2, attempts = 0, ended_at = NULL
WHERE delivery_id = ?1 AND state = 'given_up'
