-- Finds calls that were posted more than once: request ids are drawn by the gateway, one for each call.
-- Parameters: none.
-- Columns: request_id, number of its events.
-- Index: none; reads the whole table.
SELECT request_id, COUNT(*)
FROM spend_events
GROUP BY request_id
HAVING COUNT(*) > 1
LIMIT 1000
