-- Reads behind which event the audit log begins.
-- Parameters: none.
-- Columns: sequence, hash, mac.
-- Index: primary key.
SELECT sequence, hash, mac
FROM audit_floor
WHERE id = 1
