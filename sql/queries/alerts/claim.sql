-- Takes an alert for an attempt. Changes no row if somebody else took it since it was read.
-- Parameters: 1 alert_id, 2 channel, 3 due_at as it was read, 4 end of the lease.
-- Index: primary key.
UPDATE alert_outbox
SET
    due_at = ?4,
    attempts = attempts + 1
WHERE
    alert_id = ?1
    AND channel = ?2
    AND due_at = ?3
    AND state = 'queued'
