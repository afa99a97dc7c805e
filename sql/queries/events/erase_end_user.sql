-- Takes the name of an end user from the calls that were made for them.
-- Parameters: 1 end_user.
-- Index: spend_events_by_end_user.
UPDATE spend_events
SET end_user = NULL
WHERE end_user = ?1
