-- Removes the alerts that ended long ago.
-- Parameters: 1 oldest ended_at that stays.
-- Index: alert_outbox_by_end.
DELETE FROM alert_outbox
WHERE
    ended_at IS NOT NULL
    AND ended_at < ?1
