-- Moves the event behind which the audit log begins.
-- Parameters: 1 sequence, 2 hash, 3 mac.
-- Index: primary key.
UPDATE audit_floor
SET sequence = ?1, hash = ?2, mac = ?3
WHERE id = 1
