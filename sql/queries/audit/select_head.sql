-- Reads which event of the audit log is the newest.
-- Parameters: none.
-- Columns: sequence, hash.
-- Index: primary key.
SELECT sequence, hash
FROM audit_head
WHERE id = 1
