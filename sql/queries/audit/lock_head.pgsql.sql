-- Reads the newest event of the audit log, and keeps others from adding one until the transaction ends.
-- Parameters: none.
-- Columns: sequence, hash.
-- Index: primary key.
SELECT sequence, hash
FROM audit_head
WHERE id = 1
FOR UPDATE
