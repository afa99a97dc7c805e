-- Removes a credential.
-- Parameters: 1 credential_id.
-- Index: primary key.
DELETE FROM credentials
WHERE credential_id = ?1
