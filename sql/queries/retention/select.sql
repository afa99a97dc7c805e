-- Reads from when on calls are kept.
-- Parameters: none.
-- Columns: events_from in milliseconds.
-- Index: primary key.
SELECT events_from
FROM spend_retention
WHERE id = 1
