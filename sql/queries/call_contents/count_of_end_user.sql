-- Counts what is kept of calls that were made for an end user.
-- Parameters: 1 end_user.
-- Columns: how many.
-- Index: call_contents_by_end_user.
SELECT COUNT(*)
FROM call_contents
WHERE end_user = ?1
