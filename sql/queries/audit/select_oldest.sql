-- Reads the oldest events of the audit log, oldest first.
-- Parameters: 1 how many at most.
-- Columns: sequence, occurred_at, hash.
-- Index: primary key, already in order.
SELECT sequence, occurred_at, hash
FROM audit_events
ORDER BY sequence
LIMIT ?1
