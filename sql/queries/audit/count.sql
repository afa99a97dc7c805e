-- Counts the events of the audit log, which have no gaps.
-- Parameters: none.
-- Columns: how many there are, whether that is an estimate.
-- Index: the only rows.
SELECT (SELECT h.sequence FROM audit_head AS h) - (SELECT f.sequence FROM audit_floor AS f), 0
