-- Reads the newest event of the audit log. The transaction has the write lock already.
-- Parameters: none.
-- Columns: sequence, hash.
-- Index: primary key.
SELECT sequence, hash
FROM audit_head
WHERE id = 1
