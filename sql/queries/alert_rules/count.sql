-- Counts all of them: there are few.
-- Parameters: none.
-- Columns: how many there are, whether that is an estimate.
-- Index: the smallest, whole.
SELECT COUNT(*), 0
FROM alert_rules
