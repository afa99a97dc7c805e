-- Notes that an attempt failed, and when the next one is due.
-- Parameters: 1 alert_id, 2 channel, 3 due_at, 4 error.
-- Index: primary key.
UPDATE alert_outbox
SET
    due_at = ?3,
    error = ?4
WHERE
    alert_id = ?1
    AND channel = ?2
    AND state = 'queued'
