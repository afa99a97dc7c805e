-- Removes the oldest events of the audit log. The floor must have been moved there before.
-- Parameters: 1 the last sequence that goes.
-- Index: primary key.
DELETE FROM audit_events
WHERE sequence <= ?1
