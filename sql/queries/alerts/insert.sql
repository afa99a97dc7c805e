-- Queues an alert for a channel, due at once.
-- Parameters: 1 alert_id, 2 channel, 3 event, 4 created_at.
INSERT INTO alert_outbox
    (alert_id, channel, state, event, created_at, due_at, attempts, error, ended_at)
VALUES
    (?1, ?2, 'queued', ?3, ?4, ?4, 0, '', NULL)
