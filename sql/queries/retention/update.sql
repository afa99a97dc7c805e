-- Says from when on calls are kept; never moved back.
-- Parameters: 1 events_from in milliseconds.
-- Index: primary key.
UPDATE spend_retention
SET events_from = ?1
WHERE id = 1 AND events_from < ?1
