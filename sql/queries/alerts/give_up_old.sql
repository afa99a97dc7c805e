-- Gives up the alerts of channels that nobody sends through any more.
-- Parameters: 1 oldest created_at that stays, 2 now in milliseconds.
-- Index: alert_outbox_by_time.
UPDATE alert_outbox
SET
    state = 'given_up',
    ended_at = ?2
WHERE
    created_at < ?1
    AND due_at <= ?2
    AND state = 'queued'
