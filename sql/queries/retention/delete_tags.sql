-- Removes the tags of calls that are no longer kept. PostgreSQL drops whole months instead.
-- Parameters: 1 events_from in milliseconds.
-- Index: none; there is a row for each tag of a call.
DELETE FROM spend_event_tags
WHERE started_at < ?1
