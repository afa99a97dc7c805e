-- Removes some of the calls that are no longer kept. PostgreSQL drops whole months instead.
-- Parameters: 1 events_from in milliseconds, 2 how many at most.
-- Index: spend_events_by_time.
DELETE FROM spend_events
WHERE id IN (
    SELECT id
    FROM spend_events
    WHERE started_at < ?1
    ORDER BY started_at
    LIMIT ?2
)
