-- Reads the newest alerts, newest first.
-- Parameters: 1 how many.
-- Columns: alert_id, channel, state, event, created_at, due_at, attempts, error.
-- Index: alert_outbox_by_time, already in order but for those of one millisecond.
SELECT alert_id, channel, state, event, created_at, due_at, attempts, error
FROM alert_outbox
ORDER BY created_at DESC, alert_id, channel
LIMIT ?1
