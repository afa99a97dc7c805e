-- Removes what calls for an end user asked and were answered.
-- Parameters: 1 end_user.
-- Index: call_contents_by_end_user.
DELETE FROM call_contents
WHERE end_user = ?1
