-- Reads the alert of a channel that is due for the longest time.
-- Parameters: 1 channel, 2 now in milliseconds.
-- Columns: alert_id, event, created_at, due_at, attempts.
-- Index: alert_outbox_by_due, already in order.
SELECT alert_id, event, created_at, due_at, attempts
FROM alert_outbox
WHERE
    state = 'queued'
    AND channel = ?1
    AND due_at <= ?2
ORDER BY due_at
LIMIT 1
