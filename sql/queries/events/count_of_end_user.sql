-- Counts the calls that were made for an end user.
-- Parameters: 1 end_user.
-- Columns: how many.
-- Index: spend_events_by_end_user.
SELECT COUNT(*)
FROM spend_events
WHERE end_user = ?1
