-- Notes which event of the audit log is the newest.
-- Parameters: 1 sequence, 2 hash.
-- Index: primary key.
UPDATE audit_head
SET sequence = ?1, hash = ?2
WHERE id = 1
