-- Notes that an alert has arrived in a channel, or will not.
-- Parameters: 1 alert_id, 2 channel, 3 'delivered' or 'given_up', 4 ended_at, 5 error.
-- Index: primary key.
UPDATE alert_outbox
SET
    state = ?3,
    ended_at = ?4,
    error = ?5
WHERE
    alert_id = ?1
    AND channel = ?2
    AND state = 'queued'
