-- Counts the alerts that wait to be sent.
-- Parameters: none.
-- Columns: count.
-- Index: alert_outbox_by_due, which holds no others.
SELECT COUNT(*)
FROM alert_outbox
WHERE state = 'queued'
