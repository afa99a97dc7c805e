-- Finds events that the position of the journal does not cover: they could be posted again.
-- Parameters: none.
-- Columns: id, request_id.
-- Index: primary key.
SELECT id, request_id
FROM spend_events
WHERE id >= (SELECT applied FROM journal_state WHERE id = 1)
LIMIT 1000
