-- Reads what a call asked and was answered.
-- Parameters: 1 call_id.
-- Columns: what was sealed.
-- Index: primary key.
SELECT sealed FROM call_contents WHERE call_id = ?1
