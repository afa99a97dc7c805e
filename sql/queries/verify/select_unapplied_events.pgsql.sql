-- Finds events that the position of their journal does not cover: they could be posted again.
-- Parameters: none.
-- Columns: id, request_id.
-- Index: none; every row is wanted.
SELECT e.id, e.request_id
FROM spend_events AS e
LEFT JOIN journals AS j ON j.id = e.id >> 48
WHERE j.id IS NULL OR (e.id & 281474976710655) >= j.applied
LIMIT 1000
